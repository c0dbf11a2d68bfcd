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
func (c Config) Validate() error {
	var v validator
	v.matches("stackName", c.StackName, stackName, "1 to 40 letters, digits and hyphens, starting with a letter")
	v.bucket("sourceBucket", c.SourceBucket)
	v.prefix("sourcePrefix", c.SourcePrefix)
	v.bucket("destinationBucket", c.DestinationBucket)
	v.prefix("destinationPrefix", c.DestinationPrefix)
	v.separate(c)
	v.recipe("recipe", c.Recipe)
	v.within("batchSize", c.BatchSize, 1, min(c.MaxBatchSize, 1000))
	v.within("maxBatchSize", c.MaxBatchSize, 1, 1000)
	v.within("maxConcurrency", c.MaxConcurrency, 1, min(c.MaxConcurrencyCeiling, 10000))
	v.within("maxConcurrencyCeiling", c.MaxConcurrencyCeiling, 1, 10000)
	if p := c.ToleratedFailurePercentage; p < 0 || p > 100 {
		v.refuse("toleratedFailurePercentage", p, "0 to 100")
	}
	v.within("memory", c.Memory, 512, 10240)
	v.within("timeout", int(c.Timeout/time.Second), 10, int(MaxTimeout/time.Second))
	v.within("workExpirationDays", c.WorkExpirationDays, 14, 3650)
	if !slices.Contains(LogRetentions, c.LogRetentionDays) {
		v.refuse("logRetentionDays", c.LogRetentionDays, strings.Trim(fmt.Sprint(LogRetentions), "[]"))
	}
	if c.RemovalPolicy != Retain && c.RemovalPolicy != Destroy {
		v.refuse("removalPolicy", string(c.RemovalPolicy), "retain, destroy")
	}
	return errors.Join(v.errs...)
}

var (
	stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]{0,39}$`)
	// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	// IAM reads * ? and ${ in a resource as wildcards and variables: a prefix that holds them would
	// allow more, or less, than it says.
	plainPrefix = regexp.MustCompile(`^[^/*?$\\"\x00-\x1f\x7f][^*?$\\"\x00-\x1f\x7f]{0,511}$`)
)

// validator gathers what is wrong.
type validator struct{ errs []error }

func (v *validator) refuse(key string, given any, allowed string) {
	v.errs = append(v.errs, refusal(key, given, allowed))
}

func (v *validator) matches(key, given string, pattern *regexp.Regexp, allowed string) {
	if !pattern.MatchString(given) {
		v.refuse(key, given, allowed)
	}
}

func (v *validator) bucket(key, given string) {
	if given != "" {
		v.matches(key, given, bucketName, "the name of an existing bucket (3 to 63 of a-z, 0-9, . and -; no s3://, no ARN), or none for a new one")
	}
}

func (v *validator) prefix(key, given string) {
	if given != "" {
		v.matches(key, given, plainPrefix, `at most 512 characters, no / in front, none of * ? $ \ " or control characters`)
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
