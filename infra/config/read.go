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

// Read takes a Config from what mapfleet.json holds and from the context of a CDK app: Default,
// overridden by the file, overridden by the context. Values may be strings, as -c gives them, or JSON's
// own types. Keys of CDK itself in the context (such as @aws-cdk/…) are left alone; any other key that
// is not a field of Config is refused. The error joins everything that is wrong, each with its key (and
// its file, if it stands there), what was given, and what is allowed.
func Read(context, file map[string]any) (Config, error) {
	c := Default()
	r := reader{given: maps.Clone(file)}
	if r.given == nil {
		r.given = map[string]any{}
	}
	maps.Copy(r.given, context)
	r.text("stackName", &c.StackName)
	r.text("sourceBucket", &c.SourceBucket)
	r.text("sourcePrefix", &c.SourcePrefix)
	r.text("destinationBucket", &c.DestinationBucket)
	r.text("destinationPrefix", &c.DestinationPrefix)
	r.text("manifestBucket", &c.ManifestBucket)
	r.text("sourceKey", &c.SourceKey)
	r.text("destinationKey", &c.DestinationKey)
	r.text("workKey", &c.WorkKey)
	r.text("manifestKey", &c.ManifestKey)
	r.json("recipe", &c.Recipe)
	r.whole("batchSize", &c.BatchSize)
	r.whole("maxBatchSize", &c.MaxBatchSize)
	r.whole("maxConcurrency", &c.MaxConcurrency)
	r.whole("maxConcurrencyCeiling", &c.MaxConcurrencyCeiling)
	r.number("toleratedFailurePercentage", &c.ToleratedFailurePercentage)
	r.whole("memory", &c.Memory)
	r.text("architecture", (*string)(&c.Architecture))
	r.whole("reservedConcurrency", &c.ReservedConcurrency)
	r.seconds("timeout", &c.Timeout)
	r.flag("uploads", &c.Uploads)
	r.seconds("uploadWindow", &c.UploadWindow)
	r.text("schedule", &c.Schedule)
	r.json("scheduleInput", &c.ScheduleInput)
	r.text("scheduleTimezone", &c.ScheduleTimezone)
	r.flag("checks", &c.Checks)
	r.text("checksFile", &c.ChecksFile)
	if c.Checks && c.ChecksFile != "" {
		c.ChecksSchedule = everyMinute
	}
	r.text("checksSchedule", &c.ChecksSchedule)
	r.list("checksAllowedNetworks", &c.ChecksAllowedNetworks)
	r.whole("checksConnections", &c.ChecksConnections)
	r.text("notificationEmail", &c.NotificationEmail)
	r.whole("alarmThrottles", &c.AlarmThrottles)
	r.whole("alarmDurationPercent", &c.AlarmDurationPercent)
	r.number("alarmSpendPerHour", &c.AlarmSpendPerHour)
	r.whole("workExpirationDays", &c.WorkExpirationDays)
	r.whole("logRetentionDays", &c.LogRetentionDays)
	r.text("removalPolicy", (*string)(&c.RemovalPolicy))
	r.refuseUnknown("", context, func(key string) bool { return word.MatchString(key) })
	r.refuseUnknown(File+": ", file, func(string) bool { return true })
	errs := slices.Concat(r.errs, c.problems())
	for i, err := range errs {
		if wrong, ok := errors.AsType[refusal](err); ok && file[wrong.key] != nil && context[wrong.key] == nil {
			errs[i] = fmt.Errorf("%s: %w", File, wrong)
		}
	}
	return c, errors.Join(errs...)
}

// reader reads one key after the other and gathers what is wrong. A key that cannot be read leaves its
// target, the default, as it is.
type reader struct {
	given map[string]any
	known []string
	errs  []error
}

// take returns the value of a key, or nil where it is absent.
func (r *reader) take(key string) any {
	r.known = append(r.known, key)
	return r.given[key]
}

func (r *reader) refuse(key string, given any, allowed string) {
	r.errs = append(r.errs, refusal{key, given, allowed})
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

// list reads a list of strings, or one string with commas between them, which it becomes.
func (r *reader) list(key string, target *string) {
	given, ok := r.given[key].([]any)
	if !ok {
		r.text(key, target)
		return
	}
	r.take(key)
	var words []string
	for _, each := range given {
		word, ok := each.(string)
		if !ok {
			r.refuse(key, given, "a list of strings")
			return
		}
		words = append(words, word)
	}
	*target = strings.Join(words, ",")
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

func (r *reader) flag(key string, target *bool) {
	switch given := r.take(key).(type) {
	case nil:
	case bool:
		*target = given
	default:
		b, err := strconv.ParseBool(fmt.Sprint(given))
		if err != nil {
			r.refuse(key, given, "true, false")
			return
		}
		*target = b
	}
}

var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// refuseUnknown refuses keys of values that look like ours: those that ours says, and other spellings of
// a key (source-bucket). All of CDK's own in a context hold a colon, a slash or a hyphen.
func (r *reader) refuseUnknown(where string, values map[string]any, ours func(string) bool) {
	meant := map[string]string{}
	for _, key := range r.known {
		meant[fold(key)] = key
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		near := meant[fold(key)]
		switch {
		case near == key:
		case near != "":
			r.errs = append(r.errs, fmt.Errorf("%s%s: no such key; did you mean %s?", where, key, near))
		case ours(key):
			r.errs = append(r.errs, fmt.Errorf("%s%s: no such key; the keys are %s", where, key, strings.Join(r.known, ", ")))
		}
	}
}

// fold makes all spellings of a key alike: source-bucket, sourcebucket and SOURCE_BUCKET.
func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

// refusal is one thing that is wrong.
type refusal struct {
	key     string
	given   any
	allowed string
}

func (r refusal) Error() string {
	if text, ok := r.given.(string); ok {
		r.given = strconv.Quote(text)
	}
	return fmt.Sprintf("%s: given %v; allowed: %s", r.key, r.given, r.allowed)
}
