package cli

import (
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

func TestChoose(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ended := func(status string, states ...asl.Unfinished) past {
		return past{name: "r", kept: true, unfinished: states, plan: &job.Plan{}, execution: executions.Execution{Name: "r", Status: status, Stop: now.Add(-time.Hour)}}
	}
	with := func(p past, s job.Summary) past {
		p.summary = &s
		return p
	}
	resize := asl.Unfinished{State: "ResizeListing", Type: "Map", Iteration: []int{0}}
	fail := asl.Unfinished{State: "TooManyFailures", Type: "Fail"}
	old := ended("FAILED", resize)
	old.execution.Stop = now.Add(-20 * 24 * time.Hour)
	long := ended("FAILED", resize)
	long.events = 24_999
	reported := past{name: "r", plan: &job.Plan{}}
	for _, test := range []struct {
		name string
		past past
		how  string
		want string // the way, or "" for an error
		says []string
	}{
		{"failed in a Map", ended("FAILED", resize), "", howRedrive, []string{"FAILED in ResizeListing", "redriven"}},
		{"stopped in two Maps", ended("ABORTED", resize, asl.Unfinished{State: "ResizeManifest", Type: "Map", Iteration: []int{1}}, resize), "", howRedrive, []string{"was ABORTED in ResizeListing, ResizeManifest,"}},
		{"out of time, with a report", with(ended("TIMED_OUT", resize), job.Summary{Failed: 3, NotStarted: 7}), "", howRedrive, []string{"TIMED_OUT"}},
		{"refused by Prepare", ended("FAILED", asl.Unfinished{State: "Prepare", Type: "Task"}), "", howRedrive, []string{"in Prepare"}},
		{"too long ago", old, "", "", []string{"2026-11-01", "14 days", "new run"}},
		{"too long a history", long, "", "", []string{"24999 events"}},
		{"too long ago, by force", old, howRedrive, "", []string{"2026-11-01"}},
		{"failed at the judge", with(ended("FAILED", fail), job.Summary{Failed: 4}), "", howFailures, []string{"FAILED in TooManyFailures with 4 failures"}},
		{"failed at the judge, by force", with(ended("FAILED", fail), job.Summary{Failed: 4}), howRedrive, howRedrive, []string{"--how"}},
		{"accounts disagree and nothing failed", with(ended("FAILED", fail), job.Summary{}), "", "", []string{"no picture failed", "new run"}},
		{"succeeded with one failure", with(ended("SUCCEEDED"), job.Summary{Failed: 1}), "", howFailures, []string{"SUCCEEDED with 1 failure,"}},
		{"succeeded", with(ended("SUCCEEDED"), job.Summary{}), "", howNothing, []string{"nothing failed"}},
		{"succeeded without a report", ended("SUCCEEDED"), "", howNothing, []string{"nothing to retry"}},
		{"stopped, failures by force", with(ended("ABORTED", resize), job.Summary{Failed: 2, NotStarted: 1234}), howFailures, howFailures, []string{"2 failures", "1,234 that were not finished are not among them"}},
		{"killed, failures by force", ended("ABORTED", resize), howFailures, "", []string{"no report"}},
		{"stopped and nothing failed, failures by force", with(ended("ABORTED", resize), job.Summary{NotStarted: 5}), howFailures, "", []string{"no picture failed", "Without --how failures the run is redriven"}},
		{"of an older mapfleet, to its end", with(reported, job.Summary{Status: "FAILED", Failed: 2}), "", howFailures, []string{"FAILED with 2 failures"}},
		{"of an older mapfleet, stopped", with(reported, job.Summary{Status: "ABORTED", Failed: 2, NotStarted: 3}), "", "", []string{"no journal", "new run"}},
		{"of an older mapfleet, redrive by force", with(reported, job.Summary{Failed: 2}), howRedrive, "", []string{"no journal"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			choice, err := test.past.choose(test.how, now)
			said := choice.why
			if err != nil {
				said = err.Error()
			}
			if choice.how != test.want {
				t.Errorf("choose = %q (%s), want %q", choice.how, said, test.want)
			}
			for _, want := range test.says {
				if !strings.Contains(said, want) {
					t.Errorf("%q does not say %q", said, want)
				}
			}
			if strings.Contains(said, "\n") {
				t.Errorf("%q is more than a line", said)
			}
		})
	}
}

func TestStillFailing(t *testing.T) {
	p := past{name: "r", plan: &job.Plan{Limits: job.Limits{ToleratedFailurePercentage: 5}}, summary: &job.Summary{Listed: 1000, Failed: 200}}
	if got := p.stillFailing(50); got != "" {
		t.Errorf("stillFailing(50) = %q, want 5 %% of 1,000 to be tolerated", got)
	}
	if got, want := p.stillFailing(51), "51 of the 1,000 pictures of r still fail, 5 % are tolerated"; got != want {
		t.Errorf("stillFailing(51) = %q, want %q", got, want)
	}
}

func TestFolderFlags(t *testing.T) {
	for _, test := range []struct {
		in, out, state, want string
	}{
		{"/a", "/b", "/b/.mapfleet", "--in /a --out /b"},
		{"/my photos", "/b", "/c", "--in '/my photos' --out /b --state /c"},
		{"/it's", "/ü", "/ü/.mapfleet", `--in '/it'\''s' --out /ü`},
	} {
		if got := folderFlags(engine.Config{Source: test.in, Destination: test.out, State: test.state}); got != test.want {
			t.Errorf("folderFlags = %s, want %s", got, test.want)
		}
	}
}
