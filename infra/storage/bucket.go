// Package storage makes the buckets of a deployment. A Place is a prefix in a bucket, the unit in which
// permission is given. A bucket that the stack owns is private, encrypted, and speaks TLS only; one
// that it is given by name stays as its owner made it.
package storage

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Named returns the bucket that exists under name, or, if name is empty, a new one as Own makes it.
func Named(scope constructs.Construct, id, name string, removal awscdk.RemovalPolicy) awss3.IBucket {
	if name != "" {
		return awss3.Bucket_FromBucketName(scope, &id, &name)
	}
	return Own(scope, id, removal)
}

// Own returns a new bucket of the stack, under a name that CloudFormation makes up.
func Own(scope constructs.Construct, id string, removal awscdk.RemovalPolicy, rules ...*awss3.LifecycleRule) awss3.Bucket {
	// Parts of an upload that never ended are invisible in listings, and are paid for.
	rules = append(rules, &awss3.LifecycleRule{
		Id:                                  jsii.String("AbortUploads"),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(7)),
	})
	return awss3.NewBucket(scope, &id, &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		Encryption:        awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:        jsii.Bool(true),
		ObjectOwnership:   awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		LifecycleRules:    &rules,
		RemovalPolicy:     removal,
	})
}

// Expire is the rule that removes what lies under prefix after so many days.
func Expire(id, prefix string, days int) *awss3.LifecycleRule {
	return &awss3.LifecycleRule{
		Id:         &id,
		Prefix:     &prefix,
		Expiration: awscdk.Duration_Days(jsii.Number(days)),
	}
}
