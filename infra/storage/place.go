package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

// Place is what lies under Prefix, a plain string, in Bucket.
type Place struct {
	Bucket awss3.IBucket
	Prefix string
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
