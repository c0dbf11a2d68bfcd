package account

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden.*")

// mixed is a run of two Map Runs with a bit of everything.
func mixed() *run {
	r := newRun(60)
	some := written(10)
	some.Done.Written, some.Done.Current, some.Done.Ignored, some.Done.Failed = 5, 3, 1, 1
	some.Done.IgnoredBy = map[string]int{"Empty": 1}
	some.Done.FailedBy = map[string]int{"DecodeFailed": 1}
	some.Done.Failures = []job.Failure{{Key: "in/a.jpg", Variant: "thumb", Code: "DecodeFailed", Message: "truncated"}}
	r.mapRun(files{
		"SUCCEEDED_0.jsonl": strings.Repeat(line(written(10)), 3),
		"SUCCEEDED_1.jsonl": line(some),
		"FAILED_0.json":     "[" + line(child("FAILED", "Runtime.ExitError", lambdaCause("signal: killed", "Runtime.ExitError"), "in/b.jpg", "in/c.jpg")) + "]",
	})
	r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(18))})
	return r
}

func TestReportAddsUpAllFiles(t *testing.T) {
	r := mixed()
	s := r.mustReport(t, "")
	got := r.s3.objects["work/reports/nightly/summary.json"]
	var stored job.Summary
	if err := json.Unmarshal([]byte(got), &stored); err != nil || cmp.Diff(stored, s) != "" {
		t.Errorf("summary.json differs from what Handle returned: %v\n%s", err, cmp.Diff(stored, s))
	}
	golden(t, "testdata/summary.golden.json", got)
	want := line(job.Failure{Key: "in/a.jpg", Variant: "thumb", Code: "DecodeFailed", Message: "truncated"}) +
		line(job.Failure{Key: "in/b.jpg", Code: "Runtime.ExitError", Message: "signal: killed"}) +
		line(job.Failure{Key: "in/c.jpg", Code: "Runtime.ExitError", Message: "signal: killed"})
	failures := map[string]bool{}
	for l := range strings.Lines(r.failures()) {
		failures[l] = true
		var item job.Item
		if err := json.Unmarshal([]byte(l), &item); err != nil {
			t.Errorf("a line of failures.jsonl is no item: %v", err)
		}
	}
	for l := range strings.Lines(want) {
		if !failures[l] {
			t.Errorf("failures.jsonl has no %s", l)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with: go test ./functions/report/account -update", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, diff)
	}
}

func TestReportFindsResultFilesItself(t *testing.T) {
	r := mixed()
	r.s3.objects["work/work/nightly/results-of-another/x/manifest.json"] = "not ours"
	named := r.mustReport(t, "")
	found := r.mustReport(t, `{"run":"nightly"}`)
	if diff := cmp.Diff(named, found); diff != "" {
		t.Errorf("the summary of listed result files differs (-named +found):\n%s", diff)
	}
	odd := r.mustReport(t, `{"run":"nightly","mapRuns":[[]]}`)
	if diff := cmp.Diff(named, odd); diff != "" {
		t.Errorf("with a Map output of an unknown shape (-want +got):\n%s", diff)
	}
}

func TestRecordForms(t *testing.T) {
	full := child("SUCCEEDED", "", "", "in/a.jpg")
	full["Output"] = line(written(1))
	for name, contents := range map[string]files{
		"compact JSON lines":          {"SUCCEEDED_0.jsonl": line(written(1))},
		"compact array":               {"SUCCEEDED_0.json": " \n[" + line(written(1)) + "]"},
		"full records in an array":    {"SUCCEEDED_0.json": "[" + line(full) + "]"},
		"full records as JSON lines":  {"SUCCEEDED_0.jsonl": line(full)},
		"an empty file beside it":     {"SUCCEEDED_0.jsonl": line(written(1)), "FAILED_0.json": ""},
		"an empty array beside it":    {"SUCCEEDED_0.jsonl": line(written(1)), "FAILED_0.json": "[]"},
		"no line break after the end": {"SUCCEEDED_0.jsonl": strings.TrimSpace(line(written(1)))},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(1)
			r.mapRun(contents)
			if s := r.mustReport(t, ""); s.Written != 1 || !s.Balanced || s.Status != "SUCCEEDED" || s.Batches != 1 {
				t.Errorf("written %d, balanced %v, status %s, batches %d; want 1, true, SUCCEEDED, 1: %s", s.Written, s.Balanced, s.Status, s.Batches, s.Message)
			}
		})
	}
}

func TestZeroItems(t *testing.T) {
	r := newRun(0)
	r.plan.Shards[0].Kind = job.ShardListing
	r.mapRun(files{})
	s := r.mustReport(t, "")
	if s.Status != "SUCCEEDED" || s.FailedPercentage != 0 || !strings.HasPrefix(s.Message, "no pictures were found") {
		t.Errorf("status %s, %v %% failed, message %q", s.Status, s.FailedPercentage, s.Message)
	}
	if !strings.Contains(r.html(), "Nothing to do") {
		t.Error("the report of an empty run does not say so")
	}
}
