package config

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Read takes a Config from the context of a CDK app: Default, overridden by the keys that are there.
// Values may be strings, as -c gives them, or JSON's own types, as cdk.json does. Keys of CDK itself
// (such as @aws-cdk/…) are left alone; any other key that is not a field of Config is refused. The
// error joins everything that is wrong, each with its key, what was given, and what is allowed.
func Read(context map[string]any) (Config, error) {
	c := Default()
	r := reader{context: context}
	r.text("stackName", &c.StackName)
	r.text("sourceBucket", &c.SourceBucket)
	r.text("sourcePrefix", &c.SourcePrefix)
	r.text("destinationBucket", &c.DestinationBucket)
	r.text("destinationPrefix", &c.DestinationPrefix)
	r.json("recipe", &c.Recipe)
	r.whole("batchSize", &c.BatchSize)
	r.whole("maxBatchSize", &c.MaxBatchSize)
	r.whole("maxConcurrency", &c.MaxConcurrency)
	r.whole("maxConcurrencyCeiling", &c.MaxConcurrencyCeiling)
	r.number("toleratedFailurePercentage", &c.ToleratedFailurePercentage)
	r.whole("memory", &c.Memory)
	r.seconds("timeout", &c.Timeout)
	r.whole("workExpirationDays", &c.WorkExpirationDays)
	r.whole("logRetentionDays", &c.LogRetentionDays)
	r.text("removalPolicy", (*string)(&c.RemovalPolicy))
	r.refuseUnknown()
	return c, errors.Join(errors.Join(r.errs...), c.Validate())
}

// reader reads one key after the other and gathers what is wrong. A key that cannot be read leaves its
// target, the default, as it is.
type reader struct {
	context map[string]any
	known   []string
	errs    []error
}

// take returns the value of a key, or nil where it is absent.
func (r *reader) take(key string) any {
	r.known = append(r.known, key)
	return r.context[key]
}

func (r *reader) refuse(key string, given any, allowed string) {
	r.errs = append(r.errs, refusal(key, given, allowed))
}

func (r *reader) text(key string, target *string) {
	switch given := r.take(key).(type) {
	case nil:
	case string:
		*target = given
	default:
		r.refuse(key, given, "a string")
	}
}

func (r *reader) number(key string, target *float64) {
	given := r.take(key)
	if given == nil {
		return
	}
	n, err := strconv.ParseFloat(fmt.Sprint(given), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		r.refuse(key, given, "a number")
		return
	}
	*target = n
}

func (r *reader) whole(key string, target *int) {
	given := r.take(key)
	if given == nil {
		return
	}
	n, err := strconv.ParseFloat(fmt.Sprint(given), 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
		r.refuse(key, given, "a whole number")
		return
	}
	*target = int(n)
}

func (r *reader) seconds(key string, target *time.Duration) {
	n := int(*target / time.Second)
	r.whole(key, &n)
	*target = time.Duration(n) * time.Second
}

var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// refuseUnknown refuses keys that look like ours: plain words, and other spellings of a key
// (source-bucket). All of CDK's own hold a colon, a slash or a hyphen.
func (r *reader) refuseUnknown() {
	meant := map[string]string{}
	for _, key := range r.known {
		meant[fold(key)] = key
	}
	for _, key := range slices.Sorted(maps.Keys(r.context)) {
		near := meant[fold(key)]
		switch {
		case near == key:
		case near != "":
			r.errs = append(r.errs, fmt.Errorf("%s: no such key; did you mean %s?", key, near))
		case word.MatchString(key):
			r.errs = append(r.errs, fmt.Errorf("%s: no such key; the keys are %s", key, strings.Join(r.known, ", ")))
		}
	}
}

// fold makes all spellings of a key alike: source-bucket, sourcebucket and SOURCE_BUCKET.
func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

func refusal(key string, given any, allowed string) error {
	if text, ok := given.(string); ok {
		given = strconv.Quote(text)
	}
	return fmt.Errorf("%s: given %v; allowed: %s", key, given, allowed)
}
