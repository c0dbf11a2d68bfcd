// Package config holds what the owner of a deployment decides. Each field of Config is a key of
// mapfleet.json, the file beside cdk.json, and of the CDK context, so that `cdk deploy -c
// sourceBucket=my-photos` overrides the file for once. Load takes them, and refuses all that is wrong in
// one error, before any construct is made.
package config

import "time"

// RemovalPolicy says what becomes of buckets when the stack, or the bucket's place in it, goes.
type RemovalPolicy string

// The removal policies.
const (
	Retain  RemovalPolicy = "retain"  // the buckets stay, with all that is in them
	Destroy RemovalPolicy = "destroy" // the buckets go; CloudFormation refuses while one holds objects
)

// Architecture is a processor that Lambda has, by the name that Lambda knows it by.
type Architecture string

// The architectures.
const (
	ARM64 Architecture = "arm64"  // a fifth cheaper by the second
	X86   Architecture = "x86_64" // the binaries need GOARCH_LAMBDA=amd64
)

// Config is one deployment, and comparable. The name of a key is the field's with a small first letter.
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
	// ManifestBucket is the name of an existing bucket that run inputs may name manifests in, beside those
	// of source and work: the one that S3 Inventory delivers to. Empty: none.
	ManifestBucket string

	// SourceKey, DestinationKey, WorkKey and ManifestKey are the ARNs of the KMS keys that the objects of
	// the buckets are encrypted with. A bucket that the stack owns gets the key as its default. Empty:
	// S3's own keys, which need no permission. The key's own policy has to let the account's IAM decide.
	SourceKey, DestinationKey, WorkKey, ManifestKey string

	// Recipe is what is made of every picture when a run names no variants of its own: a JSON list.
	Recipe string

	// Avif lets runs write AVIF. The worker's package is then 2 MB larger, and a worker that writes its first
	// takes some seconds more.
	Avif bool

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
	// Architecture is every function's; the binaries are checked to be built for it.
	Architecture Architecture
	// ReservedConcurrency is how many of the account's concurrent Lambdas are kept for the worker, which
	// then never has more. Not below MaxConcurrency. 0: none, the worker shares with all else. Lambda keeps
	// 100 for all else, and refuses to reserve what would leave fewer: an account with a quota of 10 can
	// reserve none.
	ReservedConcurrency int
	// Timeout is the worker's, in whole seconds, 10 to MaxTimeout. A batch that needs longer is handed
	// back in parts, and goes on in the same child execution, which lasts five minutes at most: a
	// timeout of a fifth of that leaves room for several rounds and for retries.
	Timeout time.Duration

	// Uploads makes every picture that is put into the source start a run, and every list of items that is
	// put under manifests/ of the work bucket. UploadWindow is how long uploads are gathered for one run,
	// in whole seconds, 1 to 300.
	Uploads      bool
	UploadWindow time.Duration

	// Schedule starts runs by the clock: rate(1 day), or cron(0 3 * * ? *). Empty: none. ScheduleInput is
	// their run input, a JSON object, and ScheduleTimezone says where it is 3 o'clock.
	Schedule, ScheduleInput, ScheduleTimezone string

	// Checks adds the second job (NAME-checks), one HTTP request for every line of a file. Its runs take
	// MaxConcurrency and MaxConcurrencyCeiling, its alarms the same limits. With Uploads, every file that is
	// put under checks/ of the work bucket starts a run.
	Checks bool
	// ChecksFile is the file of runs that name none: the key of an object under checks/ of the work bucket,
	// or s3://BUCKET/KEY with an existing bucket, of which a run may read, and write its results to, no keys
	// but those that begin as the file's without its extension. Empty: none.
	ChecksFile string
	// ChecksKey is the ARN of the KMS key that the bucket of ChecksFile encrypts by, where it is neither the
	// work bucket nor one that has a key above. Empty: none.
	ChecksKey string
	// ChecksSchedule starts a run over ChecksFile: rate(5 minutes), or cron(…) in ScheduleTimezone. Where a
	// file is configured and no schedule, it is every minute. Empty: none.
	ChecksSchedule string
	// ChecksAllowedNetworks are networks such as 10.20.0.0/16, with commas between them, that may be asked
	// though they are not public. Empty: none.
	ChecksAllowedNetworks string
	// ChecksConnections is how many requests of a batch are under way at a time. 1 to MaxChecksConnections;
	// 0 is what the worker thinks right, 200.
	ChecksConnections int

	// ChecksReportDays is how long reports of checks are kept. A run compares with the report of the one before
	// it: what that no longer has counts as new. 1 to 3,650.
	ChecksReportDays int

	// NotificationEmail is told of alarms, once it has confirmed the mail that SNS sends to it. Empty:
	// nobody is, but the topic is there for others to subscribe to.
	NotificationEmail string
	// TopicKey is the ARN of the KMS key that the topic of alarms is encrypted with. Its policy has to let
	// cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*, or no alarm gets through; it may not be
	// SNS's own key, whose policy nobody can change. Empty: the topic is not encrypted at rest.
	TopicKey string
	// AlarmThrottles is how many throttled invocations of the worker in five minutes, three times on
	// end, are too many. 1 to 1,000,000.
	AlarmThrottles int
	// AlarmDurationPercent is how much of its timeout the slowest of a hundred batches may take. 50 to 100.
	AlarmDurationPercent int
	// AlarmSpendPerHour is how many US dollars an hour the worker may cost. Above 0, up to 100,000.
	AlarmSpendPerHour float64

	// WorkExpirationDays is how long manifests and raw results are kept. Reports are kept for ever, but for
	// those of checks.
	// Not below 14, the days within which a failed run can be redriven.
	WorkExpirationDays int
	// LogRetentionDays is how long logs are kept: one of LogRetentions.
	LogRetentionDays int
	// RemovalPolicy is for every bucket that the stack owns.
	RemovalPolicy RemovalPolicy
	// Tags are on the stack, and thereby on all in it that can have some: a JSON object of strings. At most
	// MaxTags.
	Tags string
}

// MaxTags is what a stack may have.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-resource-tags.html
const MaxTags = 50

// MaxTimeout is the longest Timeout of the worker: ten seconds below the TimeoutSeconds of the states
// that invoke it, so that Lambda says what ran out of time before Step Functions stops waiting.
const MaxTimeout = 230 * time.Second

// LogRetentions are the numbers of days that CloudWatch Logs can keep a log group for.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var LogRetentions = []int{
	1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
}

// Default returns the deployment that is made where nothing is configured. It is safe in a new account,
// and starts nothing by itself.
func Default() Config {
	return Config{
		StackName:                  "mapfleet",
		Recipe:                     `[{"name":"w1024","width":1024,"height":1024,"fit":"inside"}]`,
		BatchSize:                  100,
		MaxBatchSize:               1000,
		MaxConcurrency:             8, // and one each for Prepare and Report
		MaxConcurrencyCeiling:      1000,
		ToleratedFailurePercentage: 5,
		Memory:                     1769,
		Architecture:               ARM64,
		Timeout:                    60 * time.Second,
		UploadWindow:               60 * time.Second,
		ScheduleInput:              "{}",
		ScheduleTimezone:           "UTC",
		AlarmThrottles:             100,
		AlarmDurationPercent:       95,
		AlarmSpendPerHour:          10,
		ChecksReportDays:           30,
		WorkExpirationDays:         30,
		LogRetentionDays:           30,
		RemovalPolicy:              Retain,
		Tags:                       "{}",
	}
}
