package config

import (
	"fmt"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

func TestSchedule(t *testing.T) {
	for _, given := range []string{
		"rate(1 minute)", "rate(5 minutes)", "rate(1 day)", "rate(12 hours)",
		"cron(0 3 * * ? *)", "cron(0/15 8-18 ? * MON-FRI *)", "cron(15 10 ? * 6L 2026-2030)", "cron(0 0 L * ? *)",
		"cron(0 9 ? * 2#1 *)", "cron(0,30 0 1,15 JAN-MAR ? *)", "cron(*/10 * 15W * ? *)",
	} {
		if why := expression(given); why != "" {
			t.Errorf("%s is refused: %s", given, why)
		}
	}
	for given, want := range map[string]string{
		"":                        "neither",
		"rate(1 days)":            "no s",
		"rate(5 minute)":          "more have one",
		"rate(0 minutes)":         "neither",
		"rate(5 weeks)":           "neither",
		"at(2026-11-20T13:00:00)": "neither", // once is no schedule
		"cron(0 3 * * *)":         "5 fields",
		"cron(0 3 * * * *)":       "must be ?",
		"cron(0 3 ? * ? *)":       "must be ?",
		"cron(60 3 * * ? *)":      `minutes cannot be "60"`,
		"cron(0 3-1 * * ? *)":     `hours cannot be "3-1"`,
		"cron(0 3 * FOO ? *)":     `months cannot be "FOO"`,
		"cron(0/0 3 * * ? *)":     `minutes cannot be "0/0"`,
		"cron(0 3 ? * 8 *)":       `weekdays cannot be "8"`,
		"cron(, 3 * * ? *)":       `minutes cannot be ","`,
	} {
		if why := expression(given); !strings.Contains(why, want) {
			t.Errorf("expression(%q) = %q, want %q in it", given, why, want)
		}
	}
}

// TestScheduleInput holds the input that a schedule may have to what a run takes.
func TestScheduleInput(t *testing.T) {
	keys := func(n int) string { return `{"keys":["in/a.jpg"` + strings.Repeat(`,"in/a.jpg"`, n-1) + `]}` }
	variants := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"name":"v%d","width":64}`, i)
		}
		return `{"variants":[` + strings.Join(list, ",") + `]}`
	}
	for input, refused := range map[string]string{
		`{}`:                      "",
		keys(1000):                "",
		keys(1001):                "scheduleInput.keys",
		variants(20):              "",
		variants(21):              "scheduleInput.variants",
		`{"maxItems":100000000}`:  "",
		`{"maxItems":100000001}`:  "scheduleInput.maxItems",
		`{"maxCostUSD":1000000}`:  "",
		`{"maxCostUSD":1000001}`:  "scheduleInput.maxCostUSD",
		`{"maxConcurrency":1}`:    "",
		`{"maxConcurrency":1001}`: "scheduleInput.maxConcurrency",
		`{"prefix":"in/new/","batchSize":1000,"maxConcurrency":1000,"toleratedFailurePercentage":0.5,"overwrite":"always","comment":"nightly","dryRun":false}`: "",
		`{"manifest":"s3://my-photos/in/a.csv.gz","maxItems":100,"maxCostUSD":0.01,"filter":{"suffixes":[".jpg"]}}`:                                            "",
		`{"keys":["in/a.jpg"],"variants":[{"name":"s","width":64}]}`:                                                                                           "",
		`{"retryFailuresOf":"night"}`:                           "",
		`{"shardBy":"/"}`:                                       "",
		`{"prefix":"other/"}`:                                   "scheduleInput.prefix",
		`{"prefix":7}`:                                          "scheduleInput.prefix",
		`{"manifest":"in/a.csv"}`:                               "scheduleInput.manifest",
		`{"manifest":"s3://my-photos/a.txt"}`:                   "scheduleInput.manifest",
		`{"keys":[]}`:                                           "scheduleInput.keys",
		`{"retryFailuresOf":"a run"}`:                           "scheduleInput.retryFailuresOf",
		`{"batchSize":1001}`:                                    "scheduleInput.batchSize",
		`{"maxConcurrency":0}`:                                  "scheduleInput.maxConcurrency",
		`{"toleratedFailurePercentage":101}`:                    "scheduleInput.toleratedFailurePercentage",
		`{"overwrite":"sometimes"}`:                             "scheduleInput.overwrite",
		`{"maxItems":0}`:                                        "scheduleInput.maxItems",
		`{"maxCostUSD":0}`:                                      "scheduleInput.maxCostUSD",
		`{"dryRun":"yes"}`:                                      "scheduleInput.dryRun",
		`{"variants":[{"name":"s","width":0}]}`:                 "scheduleInput.variants[0].width",
		`{"prefix":"in/","manifest":"s3://my-photos/in/a.csv"}`: "scheduleInput.manifest",
		`{"filter":{"sufixes":[".jpg"]}}`:                       "scheduleInput.filter.sufixes",
		`{"keys":["out/a.jpg"]}`:                                "scheduleInput.keys[0]",
		`{"shardBy":"/","maxItems":5}`:                          "scheduleInput.shardBy",
		`{"variants":[{"name":"a","width":1,"key":"{stem}"},{"name":"b","width":2,"key":"{stem}"}]}`: "scheduleInput.variants[1].key",
		`{"filter":[]}`: "scheduleInput.filter",
		`{"comment":7}`: "scheduleInput.comment",
		`[]`:            "scheduleInput",
	} {
		c := Default()
		c.SourceBucket, c.SourcePrefix, c.Schedule, c.ScheduleInput = "my-photos", "in/", "rate(1 day)", input
		_, theirs := job.ParseInput([]byte(input), job.Deployment{SourceBucket: "my-photos", SourcePrefix: "in/", WorkBucket: "work",
			DefaultBatchSize: 1, MaxBatchSize: 1000, DefaultMaxConcurrency: 1, MaxMaxConcurrency: 1000})
		ours := c.Validate()
		if (theirs != nil) != (refused != "") || (ours != nil) != (refused != "") {
			t.Errorf("%s: a run says %v, the configuration says %v; want refused: %v", input, theirs, ours, refused != "")
		}
		if ours != nil && !strings.HasPrefix(ours.Error(), refused+": given ") {
			t.Errorf("%s: %v, want it to name %s", input, ours, refused)
		}
	}
}
