package account

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func TestFailedChildren(t *testing.T) {
	verdict := job.NewBatchFailed(job.Tally{
		Listed: 3, Failed: 3, FailedBy: map[string]int{"DecodeFailed": 2, "Gone": 1},
		Failures: []job.Failure{{Key: "a", Code: "Gone", Message: "gone"}},
	}).Message
	short := job.NewBatchFailed(job.Tally{Listed: 2, Failed: 2}).Message
	for name, test := range map[string]struct {
		record     map[string]string
		by         map[string]int
		keys       string // in failures.jsonl
		notStarted int
		balanced   bool
	}{
		"every picture failed, few are named": {child("FAILED", "BatchFailed", lambdaCause(verdict, "BatchFailed"), "a", "b", "c"),
			map[string]int{"DecodeFailed": 2, "Gone": 1}, "a/Gone b/DecodeFailed c/DecodeFailed", 0, true},
		"account of fewer items than given": {child("FAILED", "BatchFailed", lambdaCause(short, "BatchFailed"), "a", "b", "c"),
			map[string]int{}, "a/BatchFailed b/BatchFailed c/BatchFailed", 0, false},
		"account cut short": {child("FAILED", "BatchFailed", lambdaCause(verdict[:20], "BatchFailed")[:30], "a", "b"),
			map[string]int{"BatchFailed": 2}, "a/BatchFailed b/BatchFailed", 0, true},
		"time ran out": {child("FAILED", "States.Timeout", "", "a"),
			map[string]int{"States.Timeout": 1}, "a/States.Timeout", 0, true},
		"timed out without a name": {child("TIMED_OUT", "", "", "a"),
			map[string]int{"States.Timeout": 1}, "a/States.Timeout", 0, true},
		"plain text cause": {child("FAILED", "Lambda.Unknown", "The cause could not be determined", "a"),
			map[string]int{"Lambda.Unknown": 1}, "a/Lambda.Unknown", 0, true},
		"aborted": {child("ABORTED", "", "", "a", "b"), map[string]int{}, "", 2, false},
		"input not included": {map[string]string{"Status": "FAILED", "Error": "Runtime.ExitError", "Name": "x"},
			map[string]int{}, "", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(0)
			r.mapRun(files{"FAILED_0.json": "[" + line(test.record) + "]"})
			s := r.mustReport(t, "")
			var keys []string
			for l := range strings.Lines(r.failures()) {
				var f job.Failure
				if err := json.Unmarshal([]byte(l), &f); err != nil {
					t.Fatal(err)
				}
				keys = append(keys, f.Key+"/"+f.Code)
			}
			if diff := cmp.Diff(test.by, s.FailedBy); diff != "" {
				t.Errorf("failedBy (-want +got):\n%s", diff)
			}
			if got := strings.Join(keys, " "); got != test.keys || s.NotStarted != test.notStarted || s.Balanced != test.balanced {
				t.Errorf("failures %q, not started %d, balanced %v; want %q, %d, %v: %s", got, s.NotStarted, s.Balanced, test.keys, test.notStarted, test.balanced, s.Message)
			}
		})
	}
}

func TestTolerance(t *testing.T) {
	for name, test := range map[string]struct {
		listed, failed int
		tolerated      float64
		within         bool
		message        string
	}{
		"none fails, none is tolerated": {80, 0, 0, true, "80 pictures, none failed: 80 written, 0 current, 0 ignored"},
		"one fails, none is tolerated":  {80, 1, 0, false, "1 of 80 pictures failed (1.2 %), 0 % are tolerated: 1 Gone"},
		"exactly at the edge":           {140, 7, 5, true, "7 of 140 pictures failed (5.0 %), within the 5 % that are tolerated: 7 Gone"},
		"a tenth of a percent":          {1000, 1, 0.1, true, "1 of 1,000 pictures failed (0.1 %), within the 0.1 % that are tolerated: 1 Gone"},
		"just above the edge":           {10000, 501, 5, false, "501 of 10,000 pictures failed (5.01 %), 5 % are tolerated: 501 Gone"},
		"all fail, all are tolerated":   {3, 3, 100, true, "3 of 3 pictures failed (100.0 %), within the 100 % that are tolerated: 3 Gone"},
		"far beyond":                    {80, 12, 5, false, "12 of 80 pictures failed (15.0 %), 5 % are tolerated: 12 Gone"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(test.listed)
			r.plan.Limits.ToleratedFailurePercentage = test.tolerated
			result := written(test.listed)
			result.Done.Written -= test.failed
			result.Done.Failed = test.failed
			if test.failed > 0 {
				result.Done.FailedBy = map[string]int{"Gone": test.failed}
			}
			r.mapRun(files{"SUCCEEDED_0.jsonl": line(result)})
			s := r.mustReport(t, "")
			status := map[bool]string{true: "SUCCEEDED", false: "FAILED"}[test.within]
			if s.WithinTolerance != test.within || s.Status != status {
				t.Errorf("within tolerance %v, status %s; want %v, %s", s.WithinTolerance, s.Status, test.within, status)
			}
			if want := test.message + "; see s3://work/reports/nightly/report.html"; s.Message != want {
				t.Errorf("message %q, want %q", s.Message, want)
			}
		})
	}
}
