// Package storage makes the buckets of a deployment. A Place is a prefix in a bucket, the unit in which
// permission is given. A bucket that the stack owns is private, encrypted, and speaks TLS only; one
// that it is given by name stays as its owner made it.
package storage

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// Props say how a bucket is made.
type Props struct {
	// Name of a bucket that exists; empty: a new one, under a name that CloudFormation makes up.
	Name string
	// Key is the ARN of the KMS key that a new bucket encrypts by; empty: S3's own.
	Key     string
	Removal awscdk.RemovalPolicy
	Rules   []*awss3.LifecycleRule // of a new bucket, beside that which ends uploads that never end
}

// Bucket returns the bucket that exists under props.Name, or a new one of the stack.
func Bucket(scope constructs.Construct, id string, props Props) awss3.IBucket {
	if props.Name != "" {
		return awss3.Bucket_FromBucketName(scope, &id, &props.Name)
	}
	// Parts of an upload that never ended are invisible in listings, and are paid for.
	rules := append(slices.Clone(props.Rules), &awss3.LifecycleRule{
		Id:                                  jsii.String("AbortUploads"),
		AbortIncompleteMultipartUploadAfter: awscdk.Duration_Days(jsii.Number(7)),
	})
	encryption, key := awss3.BucketEncryption_S3_MANAGED, awskms.IKey(nil)
	if props.Key != "" {
		encryption, key = awss3.BucketEncryption_KMS, awskms.Key_FromKeyArn(scope, jsii.String(id+"Key"), &props.Key)
	}
	return awss3.NewBucket(scope, &id, &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(),
		Encryption:        encryption,
		EncryptionKey:     key,
		// One data key serves many objects: a request to KMS for each of a million is a bill, and a quota.
		BucketKeyEnabled: jsii.Bool(key != nil),
		EnforceSSL:       jsii.Bool(true),
		ObjectOwnership:  awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED,
		LifecycleRules:   &rules,
		RemovalPolicy:    props.Removal,
	})
}

// TellEventBridge makes a bucket of the stack tell EventBridge of all that happens to its objects. It does
// nothing to a bucket that exists: that is for its owner to decide.
func TellEventBridge(bucket awss3.IBucket) {
	if owned, ok := bucket.Node().DefaultChild().(awss3.CfnBucket); ok {
		// The construct's own property makes a function that sets this, in Python, with a role for all buckets.
		owned.SetNotificationConfiguration(&awss3.CfnBucket_NotificationConfigurationProperty{
			EventBridgeConfiguration: &awss3.CfnBucket_EventBridgeConfigurationProperty{EventBridgeEnabled: jsii.Bool(true)},
		})
	}
}

// Expire is the rule that removes what lies under prefix after so many days.
func Expire(id, prefix string, days int) *awss3.LifecycleRule {
	return &awss3.LifecycleRule{
		Id:         &id,
		Prefix:     &prefix,
		Expiration: awscdk.Duration_Days(jsii.Number(days)),
	}
}
