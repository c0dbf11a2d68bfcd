package config

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// TestRunFields holds the fields that a schedule's input may have to those that a run takes.
func TestRunFields(t *testing.T) {
	_, err := job.ParseInput([]byte(`{"none":1}`), job.Deployment{})
	refused, ok := errors.AsType[job.InvalidInput](err)
	if !ok || len(refused.Problems) == 0 {
		t.Fatalf("ParseInput of an unknown field = %v", err)
	}
	_, list, _ := strings.Cut(refused.Problems[0].Allowed, "the fields are ")
	got, want := slices.Sorted(slices.Values(runFields)), strings.Split(list, ", ")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-run +schedule):\n%s", diff)
	}
}
