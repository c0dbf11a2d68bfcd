package storage

import (
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// Place is what lies under Prefix, a plain string, in Bucket. Key is the ARN of the KMS key that it is
// encrypted with; empty: S3's own.
type Place struct {
	Bucket awss3.IBucket
	Prefix string
	Key    string
}

// Under returns the part of a place that lies under a prefix in it.
func (p Place) Under(prefix string) Place {
	p.Prefix += prefix
	return p
}

// Overlaps says whether an object could lie in both places.
func (p Place) Overlaps(other Place) bool {
	return p.Bucket != nil && other.Bucket != nil && *p.Bucket.BucketName() == *other.Bucket.BucketName() &&
		(strings.HasPrefix(p.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, p.Prefix))
}

// Allow returns a statement that allows actions on the objects of places. The sid names it in the
// template, and keeps CDK from folding it into another.
func Allow(sid string, actions []string, places ...Place) awsiam.PolicyStatement {
	var objects []*string
	for _, place := range places {
		objects = append(objects, place.Bucket.ArnForObjects(jsii.String(place.Prefix+"*")))
	}
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       &sid,
		Actions:   jsii.Strings(actions...),
		Resources: &objects,
	})
}

// AllowList returns a statement that allows to list place, and no request that names no prefix.
func AllowList(sid string, place Place) awsiam.PolicyStatement {
	return listing(sid, place, "StringLike")
}

// AllowFind returns a statement that allows to list place, and to be told 404 instead of 403 where a
// key, or the bucket, is not there. Such a GET or HEAD carries no prefix, hence IfExists.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
func AllowFind(sid string, place Place) awsiam.PolicyStatement {
	return listing(sid, place, "StringLikeIfExists")
}

func listing(sid string, place Place, operator string) awsiam.PolicyStatement {
	props := &awsiam.PolicyStatementProps{
		Sid:       &sid,
		Actions:   jsii.Strings("s3:ListBucket"),
		Resources: &[]*string{place.Bucket.BucketArn()},
	}
	// Without a prefix there is nothing to bound, and a condition could only break a listing that
	// leaves the empty prefix out.
	if place.Prefix != "" {
		props.Conditions = &map[string]any{operator: map[string]string{"s3:prefix": place.Prefix + "*"}}
	}
	return awsiam.NewPolicyStatement(props)
}

// AllowDecrypt returns the statements, none if there are no keys, that allow to read the encrypted objects
// of places.
func AllowDecrypt(sid string, places ...Place) []awsiam.PolicyStatement {
	return AllowKeys(sid, []string{"kms:Decrypt"}, places...)
}

// AllowEncrypt returns the statements, none if there are no keys, that allow to read and write the
// encrypted objects of places. A write in parts reads its data key again.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func AllowEncrypt(sid string, places ...Place) []awsiam.PolicyStatement {
	return AllowKeys(sid, []string{"kms:Decrypt", "kms:GenerateDataKey"}, places...)
}

// AllowKeys returns the statement that allows actions on the keys of places, or none if they have none.
// The keys serve through S3 only, never what else is encrypted by them.
func AllowKeys(sid string, actions []string, places ...Place) []awsiam.PolicyStatement {
	var keys []string
	for _, place := range places {
		keys = append(keys, place.Key)
	}
	return AllowService(sid, "s3", actions, keys...)
}

// AllowService returns the statement that allows actions on keys through one service of AWS only, by its name
// in addresses, or none if all keys are empty.
func AllowService(sid, service string, actions []string, given ...string) []awsiam.PolicyStatement {
	var keys []*string
	for _, each := range given {
		if each != "" && !slices.ContainsFunc(keys, func(key *string) bool { return *key == each }) {
			keys = append(keys, &each)
		}
	}
	if keys == nil {
		return nil
	}
	return []awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:       &sid,
		Actions:   jsii.Strings(actions...),
		Resources: &keys,
		Conditions: &map[string]any{"StringLike": map[string]string{
			"kms:ViaService": service + ".*.amazonaws.com*", // .cn in China
		}},
	})}
}
