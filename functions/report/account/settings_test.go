package account

import (
	"strings"
	"testing"

	"mapfleet/functions/job"
)

func TestSettingsTellWhatBoundTheRun(t *testing.T) {
	find := func(plan job.Plan, name string) string {
		for _, s := range (page{Plan: plan}).Settings() {
			if s.Name == name {
				return s.Value
			}
		}
		return ""
	}
	for _, c := range []struct {
		name string
		plan job.Plan
		want string
	}{
		{"Concurrency", job.Plan{Limits: job.Limits{MaxConcurrency: 50}}, "Up to 50 batches at a time"},
		{"Concurrency", job.Plan{Limits: job.Limits{MapRuns: 1, MaxConcurrency: 50}}, "Up to 50 batches at a time"},
		{"Concurrency", job.Plan{Limits: job.Limits{MapRuns: 1, MaxConcurrency: 1}}, "Up to 1 batch at a time"},
		{"Source", job.Plan{Job: job.Job{Source: job.Location{Bucket: "photos", Prefix: "in/"}}}, "Nothing of s3://photos/in/ that the run's input asks for"}, // nothing was found to list
		{"Source", job.Plan{}, ""},
		{"Failures of", job.Plan{RetryFailuresOf: "night"}, "night"},
		{"Failures of", job.Plan{}, ""},
		{"Concurrency", job.Plan{Limits: job.Limits{MapRuns: 25, MaxConcurrency: 40}}, "Up to 1,000 batches at a time, in 25 Map Runs at a time"},
		{"Limit", job.Plan{Limits: job.Limits{MaxItems: 1000}}, "The first 1,000 pictures"},
		{"Limit", job.Plan{Limits: job.Limits{MaxItems: job.MaxMapRunItems}}, ""},
		{"Limit", job.Plan{}, ""},
		{"Left out of the manifest", job.Plan{LeftOut: map[string]int{job.LeftOldVersion: 1200, job.LeftRepeated: 1, "New": 2}}, "1,200 lines (an old version), 2 lines (New), 1 line (a key of the line before once more)"},
		{"Left out of the manifest", job.Plan{}, ""},
		{"Estimated before", job.Plan{Estimate: &job.Estimate{ToWrite: 1_000_000, USD: 6.789, Seconds: 600, Prices: "us-east-1, November 2026"}}, "1,000,000 pictures to write at most, $6.79 on AWS (us-east-1, November 2026), 10 min 0 s"},
		{"Estimated before", job.Plan{}, ""},
	} {
		if got := find(c.plan, c.name); got != c.want {
			t.Errorf("%s = %q, want %q", c.name, got, c.want)
		}
	}
}

// TestListingThatMayBeCut: a Map Run ends the reading of its listing without a word.
func TestListingThatMayBeCut(t *testing.T) {
	for name, c := range map[string]struct {
		kind   string
		listed int
		limit  int
		noted  bool
	}{
		"as many as a Map Run reads":   {job.ShardListing, job.MaxMapRunItems, job.MaxMapRunItems, true},
		"one less":                     {job.ShardListing, job.MaxMapRunItems - 1, job.MaxMapRunItems, false},
		"as many as were asked for":    {job.ShardListing, 1000, 1000, false},
		"a manifest, which is counted": {job.ShardManifest, job.MaxMapRunItems, job.MaxMapRunItems, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(c.listed)
			r.plan.Shards[0].Kind, r.plan.Limits.MaxItems = c.kind, c.limit
			r.mapRun(files{"SUCCEEDED_0.jsonl": line(written(c.listed))})
			s := r.mustReport(t, "")
			if noted := strings.Contains(r.html(), "as many pictures as one Map Run reads, 100,000,000"); noted != c.noted || s.Balanced == c.noted {
				t.Errorf("noted %v, balanced %v: %s", noted, s.Balanced, s.Message)
			}
		})
	}
}
