package config

import (
	"errors"
	"fmt"
	"maps"
	"math"
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
	r.flag("avif", &c.Avif)
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
	r.text("checksKey", &c.ChecksKey)
	if c.Checks && c.ChecksFile != "" {
		c.ChecksSchedule = everyMinute
	}
	r.text("checksSchedule", &c.ChecksSchedule)
	r.list("checksAllowedNetworks", &c.ChecksAllowedNetworks)
	r.whole("checksConnections", &c.ChecksConnections)
	r.whole("checksReportDays", &c.ChecksReportDays)
	r.text("notificationEmail", &c.NotificationEmail)
	r.text("topicKey", &c.TopicKey)
	r.whole("alarmThrottles", &c.AlarmThrottles)
	r.whole("alarmDurationPercent", &c.AlarmDurationPercent)
	r.number("alarmSpendPerHour", &c.AlarmSpendPerHour)
	r.whole("workExpirationDays", &c.WorkExpirationDays)
	r.whole("logRetentionDays", &c.LogRetentionDays)
	r.text("removalPolicy", (*string)(&c.RemovalPolicy))
	r.json("tags", &c.Tags)
	r.refuseUnknown("", context, func(key string) bool { return word.MatchString(key) })
	r.refuseUnknown(File+": ", file, func(string) bool { return true })
	return c, errors.Join(blame(slices.Concat(r.errs, c.problems()), context, file)...)
}

// blame names the file in what is wrong with a key that it gave.
func blame(errs []error, context, file map[string]any) []error {
	for i, err := range errs {
		wrong, ok := errors.AsType[refusal](err)
		if !ok {
			continue
		}
		key := strings.FieldsFunc(wrong.key, func(r rune) bool { return r == '.' || r == '[' })[0] // of recipe[0].name
		if file[key] != nil && context[key] == nil {
			errs[i] = fmt.Errorf("%s: %w", File, wrong)
		}
	}
	return errs
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

func (r *reader) whole(key string, target *int) { r.wholeOf(key, "a whole number", target) }

func (r *reader) wholeOf(key, allowed string, target *int) {
	given := r.take(key)
	if given == nil {
		return
	}
	n, err := strconv.ParseFloat(fmt.Sprint(given), 64)
	if err != nil || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32 {
		r.refuse(key, given, allowed)
		return
	}
	*target = int(n)
}

func (r *reader) seconds(key string, target *time.Duration) {
	n := int(*target / time.Second)
	r.wholeOf(key, "a whole number of seconds", &n)
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
