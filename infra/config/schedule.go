package config

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // timezones are checked where the machine has no list of them

	"mapfleet/functions/job"
)

// The two expressions of EventBridge Scheduler that repeat.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
var (
	rate = regexp.MustCompile(`^rate\(([1-9][0-9]{0,5}) (minute|hour|day)(s?)\)$`)
	cron = regexp.MustCompile(`^cron\(([^()]*)\)$`)
)

// schedule checks when, and with what input, runs start by themselves.
func (v *validator) schedule(c Config) {
	const allowed = "rate(1 hour), rate(7 days), cron(MINUTES HOURS DAYS MONTHS WEEKDAYS YEARS) with one ? for days or weekdays, or none"
	if given := c.Schedule; given != "" {
		if why := expression(given); why != "" {
			v.refuse("schedule", given, allowed+" ("+why+")")
		}
	} else if c.ScheduleInput != Default().ScheduleInput {
		v.refuse("scheduleInput", c.ScheduleInput, "none without a schedule")
	}
	v.scheduleInput("scheduleInput", c)
	if _, err := time.LoadLocation(c.ScheduleTimezone); err != nil || c.ScheduleTimezone == "" || c.ScheduleTimezone == "Local" {
		v.refuse("scheduleTimezone", c.ScheduleTimezone, "UTC, or a name such as Europe/Berlin")
	}
}

// scheduleInput refuses what every run that is started so would refuse, by the very rules of the functions.
// Only in which buckets a manifest may lie is left to them: those of the stack have no names yet.
func (v *validator) scheduleInput(key string, c Config) {
	var input map[string]any
	if err := json.Unmarshal([]byte(c.ScheduleInput), &input); err != nil || input == nil {
		v.refuse(key, c.ScheduleInput, "a JSON object, the run input")
		return
	}
	manifest, _ := input["manifest"].(string)
	bucket, _, _ := job.SplitURL(manifest)
	_, err := job.ParseInput([]byte(c.ScheduleInput), job.Deployment{
		SourceBucket: c.SourceBucket, SourcePrefix: c.SourcePrefix, ManifestBucket: bucket, AVIF: c.Avif,
		MaxBatchSize: c.MaxBatchSize, MaxMaxConcurrency: c.MaxConcurrencyCeiling,
	})
	v.asRuns(err, func(field string) string { return key + "." + field })
}

// expression says what is wrong with a schedule expression, or nothing.
func expression(given string) string {
	if match := rate.FindStringSubmatch(given); match != nil {
		if (match[1] == "1") == (match[3] == "s") {
			return "1 of a unit has no s, more have one"
		}
		return ""
	}
	match := cron.FindStringSubmatch(given)
	if match == nil {
		return "it is neither"
	}
	parts := strings.Fields(match[1])
	if len(parts) != 6 {
		return fmt.Sprintf("%d fields, not 6", len(parts))
	}
	for i, field := range cronFields {
		if !field.allows(parts[i]) {
			return fmt.Sprintf("%s cannot be %q", field.name, parts[i])
		}
	}
	if (parts[2] == "?") == (parts[4] == "?") {
		return "one of days and weekdays must be ?, and only one"
	}
	return ""
}

// cronField is one of the six: numbers from low to high, or names that stand for them from low on.
type cronField struct {
	name      string
	low, high int
	names     []string
	special   *regexp.Regexp // what it may be beside lists, ranges and steps
}

var cronFields = []cronField{
	{"minutes", 0, 59, nil, nil},
	{"hours", 0, 23, nil, nil},
	{"days", 1, 31, nil, regexp.MustCompile(`^(\?|L|LW|([1-9]|[12][0-9]|3[01])W)$`)},
	{"months", 1, 12, strings.Fields("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"), nil},
	{"weekdays", 1, 7, strings.Fields("SUN MON TUE WED THU FRI SAT"), regexp.MustCompile(`^(\?|L|[1-7]L|([1-7]|[A-Z]{3})#[1-5])$`)},
	{"years", 1970, 2199, nil, nil},
}

func (f cronField) allows(given string) bool {
	if f.special != nil && f.special.MatchString(given) {
		return true
	}
	for part := range strings.SplitSeq(given, ",") {
		part, step, stepped := strings.Cut(part, "/")
		if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1 || n > f.high) {
			return false
		}
		if part == "*" {
			continue
		}
		from, to, ranged := strings.Cut(part, "-")
		low, ok := f.number(from)
		high := low
		if ranged && ok {
			high, ok = f.number(to)
		}
		if !ok || high < low {
			return false
		}
	}
	return true
}

func (f cronField) number(given string) (int, bool) {
	if i := slices.Index(f.names, strings.ToUpper(given)); i >= 0 {
		return f.low + i, true
	}
	n, err := strconv.Atoi(given)
	return n, err == nil && n >= f.low && n <= f.high
}
