// Package config holds what the owner of a deployment decides. Each field of Config is a key of the
// CDK context, so that `cdk deploy -c sourceBucket=my-photos` or a line in cdk.json sets it. Read takes
// them, and refuses all that is wrong in one error, before any construct is made.
package config

import "time"

// RemovalPolicy says what becomes of buckets when the stack, or the bucket's place in it, goes.
type RemovalPolicy string

// The removal policies.
const (
	Retain  RemovalPolicy = "retain"  // the buckets stay, with all that is in them
	Destroy RemovalPolicy = "destroy" // the buckets go; CloudFormation refuses while one holds objects
)

// Config is one deployment. The name of a key is the field's with a small first letter.
type Config struct {
	// StackName names the stack, and with it the state machine (NAME-resize) and the functions. Two
	// stacks in one account and Region need two names. 1 to 40 letters, digits and hyphens.
	StackName string

	// SourceBucket is the name of an existing bucket in the stack's account and Region; a Distributed
	// Map lists no other. Empty: the stack owns a new one.
	SourceBucket string
	// SourcePrefix is what a run lists unless it names a longer prefix, and all that the worker may
	// read. A plain string: "a" also takes in "ab/".
	SourcePrefix string
	// DestinationBucket is the name of an existing bucket. Empty: the stack owns a new one.
	DestinationBucket string
	// DestinationPrefix is put before every output's key, and is all that the worker may write.
	DestinationPrefix string

	// Recipe is what is made of every picture when a run names no variants of its own: a JSON list.
	Recipe string

	// BatchSize is how many items one worker takes at a time, unless a run says otherwise;
	// MaxBatchSize is the most that a run may ask for. 1 to 1000.
	BatchSize, MaxBatchSize int
	// MaxConcurrency is how many batches are at work at a time, unless a run says otherwise. The
	// default is small: a new account may run no more than 10 Lambdas at once, an older one 1,000, and
	// they are shared with all else in it. MaxConcurrencyCeiling is the most that a run may ask for.
	// 1 to 10,000.
	MaxConcurrency, MaxConcurrencyCeiling int
	// ToleratedFailurePercentage is how many items of a hundred may fail before a run stops, unless it
	// says otherwise. 0 to 100.
	ToleratedFailurePercentage float64

	// Memory is the worker's, in MB: 1,769 is one virtual CPU. 512 to 10240.
	Memory int
	// Timeout is the worker's, in whole seconds, 10 to MaxTimeout. A batch that needs longer is handed
	// back in parts, and goes on in the same child execution, which lasts five minutes at most: a
	// timeout of a fifth of that leaves room for several rounds and for retries.
	Timeout time.Duration

	// WorkExpirationDays is how long manifests and raw results are kept. Reports are kept for ever.
	// Not below 14, the days within which a failed run can be redriven.
	WorkExpirationDays int
	// LogRetentionDays is how long logs are kept: one of LogRetentions.
	LogRetentionDays int
	// RemovalPolicy is for every bucket that the stack owns.
	RemovalPolicy RemovalPolicy
}

// MaxTimeout is the longest Timeout of the worker: ten seconds below the TimeoutSeconds of the states
// that invoke it, so that Lambda says what ran out of time before Step Functions stops waiting.
const MaxTimeout = 230 * time.Second

// LogRetentions are the numbers of days that CloudWatch Logs can keep a log group for.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var LogRetentions = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// Default returns the deployment that an empty context asks for.
func Default() Config {
	return Config{
		StackName:                  "mapfleet",
		Recipe:                     `[{"name":"w1024","width":1024,"height":1024,"fit":"inside"}]`,
		BatchSize:                  100,
		MaxBatchSize:               1000,
		MaxConcurrency:             50,
		MaxConcurrencyCeiling:      1000,
		ToleratedFailurePercentage: 5,
		Memory:                     1769,
		Timeout:                    60 * time.Second,
		WorkExpirationDays:         30,
		LogRetentionDays:           30,
		RemovalPolicy:              Retain,
	}
}
