package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Validate joins everything that is wrong with c, each with its key, what was given, and what is
// allowed. It is nil for Default.
func (c Config) Validate() error { return errors.Join(c.problems()...) }

// problems returns everything that is wrong with c, a refusal each.
func (c Config) problems() []error {
	var v validator
	v.matches("stackName", c.StackName, stackName, "1 to 40 letters, digits and hyphens, starting with a letter")
	v.bucket("sourceBucket", c.SourceBucket)
	v.prefix("sourcePrefix", c.SourcePrefix)
	v.bucket("destinationBucket", c.DestinationBucket)
	v.prefix("destinationPrefix", c.DestinationPrefix)
	v.bucket("manifestBucket", c.ManifestBucket)
	v.separate(c)
	v.key("sourceKey", c.SourceKey)
	v.key("destinationKey", c.DestinationKey)
	v.key("workKey", c.WorkKey)
	v.key("manifestKey", c.ManifestKey)
	if c.ManifestKey != "" && c.ManifestBucket == "" {
		v.refuse("manifestKey", c.ManifestKey, "none without a manifestBucket")
	}
	v.recipe("recipe", c)
	v.environment(c)
	v.within("batchSize", c.BatchSize, 1, min(c.MaxBatchSize, 1000))
	v.within("maxBatchSize", c.MaxBatchSize, 1, 1000)
	v.within("maxConcurrency", c.MaxConcurrency, 1, min(c.MaxConcurrencyCeiling, 10000))
	v.within("maxConcurrencyCeiling", c.MaxConcurrencyCeiling, 1, 10000)
	if p := c.ToleratedFailurePercentage; p < 0 || p > 100 {
		v.refuse("toleratedFailurePercentage", p, "0 to 100")
	}
	v.within("memory", c.Memory, 512, 10240)
	if c.Architecture != ARM64 && c.Architecture != X86 {
		v.refuse("architecture", string(c.Architecture), "arm64, x86_64")
	}
	if r := c.ReservedConcurrency; r != 0 && (r < c.MaxConcurrency || r > 10000) {
		v.refuse("reservedConcurrency", r, fmt.Sprintf("0 for none, or maxConcurrency (%d) to 10000", c.MaxConcurrency))
	}
	v.within("timeout", int(c.Timeout/time.Second), 10, int(MaxTimeout/time.Second))
	v.within("uploadWindow", int(c.UploadWindow/time.Second), 1, 300)
	v.schedule(c)
	v.checks(c)
	if c.NotificationEmail != "" {
		v.matches("notificationEmail", c.NotificationEmail, email, "one address, such as team@example.com")
	}
	v.key("topicKey", c.TopicKey)
	v.within("alarmThrottles", c.AlarmThrottles, 1, 1_000_000)
	v.within("alarmDurationPercent", c.AlarmDurationPercent, 50, 100)
	if spend := c.AlarmSpendPerHour; spend <= 0 || spend > 100_000 {
		v.refuse("alarmSpendPerHour", spend, "above 0, up to 100000")
	}
	v.within("workExpirationDays", c.WorkExpirationDays, 14, 3650)
	if !slices.Contains(LogRetentions, c.LogRetentionDays) {
		v.refuse("logRetentionDays", c.LogRetentionDays, strings.Trim(fmt.Sprint(LogRetentions), "[]"))
	}
	if c.RemovalPolicy != Retain && c.RemovalPolicy != Destroy {
		v.refuse("removalPolicy", string(c.RemovalPolicy), "retain, destroy")
	}
	v.tags("tags", c.Tags)
	return v.errs
}

var (
	stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,39}$`)
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	// An alias of an access point, and a directory bucket, look like names, but a Distributed Map does not
	// list them, and policies know them by other ARNs.
	noBucketName = regexp.MustCompile(`\.\.|^[0-9]+(\.[0-9]+){3}$|^xn--|-s3alias$|--x-s3$|--ol-s3$|--table-s3$|\.mrap$`)
	// IAM reads * ? and ${ in a resource as wildcards and variables: a prefix that holds them would
	// allow more, or less, than it says.
	plainPrefix = regexp.MustCompile(`^[^/*?$\\"\x00-\x1f\x7f][^*?$\\"\x00-\x1f\x7f]*$`)
	// An alias will not do: IAM knows keys by their own ARN only.
	// https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
	keyARN = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`)
	email  = regexp.MustCompile(`^[^@\s"<>,;]+@[^@\s"<>,;]+\.[^@\s"<>,;]+$`)
)

// validator gathers what is wrong.
type validator struct{ errs []error }

func (v *validator) refuse(key string, given any, allowed string) {
	v.errs = append(v.errs, refusal{key, given, allowed})
}

func (v *validator) matches(key, given string, pattern *regexp.Regexp, allowed string) {
	if !pattern.MatchString(given) {
		v.refuse(key, given, allowed)
	}
}

func (v *validator) bucket(key, given string) {
	if given != "" {
		const allowed = "the name of an existing bucket (3 to 63 of a-z, 0-9, . and -; no s3://, no ARN, no alias of an access point), or none for a new one"
		if !bucketName.MatchString(given) || noBucketName.MatchString(given) {
			v.refuse(key, given, allowed)
		}
	}
}

func (v *validator) key(key, given string) {
	if given != "" {
		v.matches(key, given, keyARN, "the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID (no alias), or none")
	}
}

func (v *validator) prefix(key, given string) {
	if given != "" {
		if !plainPrefix.MatchString(given) || len(given) > maxPrefixBytes || unnameable(given) {
			v.refuse(key, given, fmt.Sprintf(`at most %d bytes, no / in front, none of * ? $ \ " or control characters, `+nameable, maxPrefixBytes))
		}
	}
}

// nameable is what unnameable allows.
const nameable = "none beyond ÿ, which IAM does not take"

// unnameable says whether a key has letters that no policy can have, and so no permission.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
func unnameable(key string) bool {
	return strings.ContainsFunc(key, func(r rune) bool { return r > 0xff })
}

// maxPrefixBytes leaves as many of a key's 1,024 bytes to what stands behind the prefix.
const maxPrefixBytes = 512

// environment refuses what would not fit into the variables of Prepare, or of the worker of checks.
func (v *validator) environment(c Config) {
	if n := len(c.Recipe) + len(c.SourcePrefix) + len(c.DestinationPrefix); n > maxEnvironmentBytes {
		v.refuse("recipe", fmt.Sprintf("%d bytes, with sourcePrefix and destinationPrefix", n), fmt.Sprintf("at most %d bytes", maxEnvironmentBytes))
	}
	if n := len(c.ChecksAllowedNetworks); n > maxEnvironmentBytes {
		v.refuse("checksAllowedNetworks", fmt.Sprintf("%d bytes", n), fmt.Sprintf("at most %d bytes", maxEnvironmentBytes))
	}
}

func (v *validator) within(key string, given, low, high int) {
	if given < low || given > high {
		v.refuse(key, given, fmt.Sprintf("%d to %d", low, max(low, high)))
	}
}

// separate refuses a destination that a listing of the source would list again: a run would take its
// own outputs as inputs, without end.
func (v *validator) separate(c Config) {
	if c.SourceBucket == "" || c.SourceBucket != c.DestinationBucket {
		return
	}
	if strings.HasPrefix(c.DestinationPrefix, c.SourcePrefix) || strings.HasPrefix(c.SourcePrefix, c.DestinationPrefix) {
		v.refuse("destinationPrefix", c.DestinationPrefix, fmt.Sprintf(
			"in one bucket with sourcePrefix %q, a prefix of which neither starts with the other; else outputs would be taken as inputs", c.SourcePrefix))
	}
}
