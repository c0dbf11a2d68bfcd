package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/stack"
)

// TestRetry_after_a_run_over_the_failures goes the way of somebody who starts what the report says: it makes the
// outputs that failed, and not those of the deployment's own recipe. Only then is nothing left to be retried.
func TestRetry_after_a_run_over_the_failures(t *testing.T) {
	in, out := album(t, 2), t.TempDir()
	bad := []string{filepath.Join(in, "bad.jpg"), filepath.Join(in, "worse.jpg")}
	for _, path := range bad {
		write(t, path, []byte("no picture"))
	}
	server := serve(t, in, out)
	url := server.asAWS(t)
	made := func(want ...string) {
		t.Helper()
		if got := strings.Join(files(t, out), " "); got != strings.Join(want, " ") {
			t.Errorf("%s is made, want %s", got, strings.Join(want, " "))
		}
	}
	const night = `{"variants":[{"name":"w200","width":200,"height":200}],"toleratedFailurePercentage":60}`
	stdout, stderr, status := mapfleet(t, "start", "--name", "night", "--input", night, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "2 written", "2 failed")
	write(t, bad[0], photo(t, 300, 300, 1))

	stdout, stderr, status = mapfleet(t, "start", "--name", "other", "--input", `{"retryFailuresOf":"night","variants":[{"name":"w9","width":9}],"maxItems":1}`, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "other SUCCEEDED", "1 written")
	made("w200/s000.jpg", "w200/s001.jpg", "w9/bad.jpg") // what is named wins

	stdout, stderr, status = mapfleet(t, "audit", "--endpoint-url", url, "--input", `{"retryFailuresOf":"night"}`, "--manifest", "s3://work/audits/night.jsonl")
	wants(t, stdout+stderr, status, ExitFailed, "the recipe of the run that failed", "2 missing", "w200/bad.jpg", `"variants":[{"name":"w200","width":200,"height":200,`)

	page, err := os.ReadFile(filepath.Join(server.state, "work", "reports", "night", "report.html"))
	if err != nil || !strings.Contains(string(page), `{&#34;retryFailuresOf&#34;:&#34;night&#34;}`) {
		t.Fatalf("the report does not say how its failures are run again: %v", err)
	}
	stdout, stderr, status = mapfleet(t, "start", "--name", "again", "--input", `{"retryFailuresOf":"night"}`, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "again SUCCEEDED", "1 written", "1 failed") // each is tried
	made("w200/bad.jpg", "w200/s000.jpg", "w200/s001.jpg", "w9/bad.jpg")

	write(t, bad[1], photo(t, 300, 300, 2))
	stdout, stderr, status = mapfleet(t, "start", "--name", "once-more", "--input", `{"retryFailuresOf":"again"}`, "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "once-more SUCCEEDED", "1 written")
	made("w200/bad.jpg", "w200/s000.jpg", "w200/s001.jpg", "w200/worse.jpg", "w9/bad.jpg")

	// other has run no failure of night by its recipe, and again not all of them with success.
	stdout, stderr, status = mapfleet(t, "retry", "night", "--watch")
	wants(t, stdout+stderr, status, ExitSucceeded, "SUCCEEDED with 2 failures, so a new run goes over those, by the same recipe", "2 current")
	stdout, stderr, status = mapfleet(t, "retry", "night")
	wants(t, stdout+stderr, status, ExitSucceeded, "nothing to retry: run-")
	stdout, stderr, status = mapfleet(t, "retry", "again")
	wants(t, stdout+stderr, status, ExitSucceeded, "nothing to retry: once-more")

	if err := os.Remove(filepath.Join(server.state, "work", "reports", "night", "plan.json")); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status = mapfleet(t, "start", "--name", "late", "--input", `{"retryFailuresOf":"night"}`, "--watch")
	wants(t, stdout+stderr, status, ExitFailed, "variants, overwrite, filter: given nothing", `as run "night" had it`)
}

func TestRetry_of_folders_after_another_recipe(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	bad := filepath.Join(in, "bad.jpg")
	write(t, bad, []byte("no picture"))
	first, _ := resize(t, in, out, `{"toleratedFailurePercentage":50,"filter":{"suffixes":[".jpg"]},"variants":[{"name":"v","width":50}]}`)
	write(t, bad, photo(t, 90, 90, 1))
	over := func(more string) string { return fmt.Sprintf(`{"retryFailuresOf":%q%s}`, first.Run, more) }

	for name, more := range map[string]string{
		"another recipe": `,"variants":[{"name":"w","width":9}]`, "another overwrite": `,"overwrite":"never","variants":[{"name":"w","width":9}]`,
		"another filter": `,"filter":{"suffixes":[".gif"]}`,
	} {
		if other, status := resize(t, in, out, over(more)); status != ExitSucceeded || other.Failed != 0 || other.Listed != 1 {
			t.Errorf("%s: exit %d, %+v", name, status, other.localReport)
		}
	}
	elsewhere, _ := resize(t, in, filepath.Join(t.TempDir(), "out"), over(""), "--state", filepath.Join(out, ".mapfleet"))
	wantCounts(t, elsewhere, 1, 1, 0, 0, 0) // of the same state folder, but into another

	a, status := retry(t, first.Run, in, out)
	if status != ExitSucceeded || a.Retry.How != howFailures {
		t.Errorf("exit %d by %+v, want the failure to be run again: nobody has made v of it here", status, a.Retry)
	}
	wantCounts(t, a, 1, 1, 0, 0, 0)
	if size := decode(t, filepath.Join(out, "v", "bad.jpg")); size.Width != 50 {
		t.Errorf("bad.jpg is %d wide, want 50", size.Width)
	}
	write(t, bad, []byte("no picture again"))
	worst, _ := resize(t, in, out, fmt.Sprintf(`{"retryFailuresOf":%q,"overwrite":"always"}`, first.Run))
	if worst.Status != "SUCCEEDED" || worst.Failed != 1 {
		t.Errorf("what fails again is %+v, want it to be tolerated", worst.localReport)
	}
	b, _ := retry(t, first.Run, in, out)
	if b.Retry.How != howNothing || !strings.Contains(b.Retry.Why, a.Run) {
		t.Errorf("once more: %+v, want nothing to retry after %s", b.Retry, a.Run)
	}
}

// TestMendedBy: only a later run that took all failures, and made the same outputs of them, leaves nothing to retry.
func TestMendedBy(t *testing.T) {
	ended := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	plan := func(started time.Time) *job.Plan {
		return &job.Plan{Started: started, Job: job.Job{Variants: []job.Variant{{Name: "v"}}}, Limits: job.Limits{MaxItems: job.MaxMapRunItems}}
	}
	for name, c := range map[string]struct {
		change func(first, later *past)
		want   bool
	}{
		"by the same recipe":         {func(_, _ *past) {}, true},
		"by another":                 {func(_, later *past) { later.plan.Job.Variants[0].Width = 9 }, false},
		"one still fails":            {func(_, later *past) { later.summary.Failed = 1 }, false},
		"the first ones alone":       {func(_, later *past) { later.plan.Limits.MaxItems = 2 }, false},
		"as many as there are":       {func(_, later *past) { later.plan.Limits.MaxItems = 3 }, true},
		"before a redrive of it":     {func(first, _ *past) { first.summary.Finished = ended.Add(time.Hour) }, false},
		"by a version without plans": {func(_, later *past) { later.plan = nil }, false},
		"without a report":           {func(_, later *past) { later.summary = nil }, false},
		"and its own plan is gone":   {func(first, _ *past) { first.plan = nil }, false},
	} {
		first := past{plan: plan(ended.Add(-time.Hour)), summary: &job.Summary{Failed: 2, Finished: ended}}
		later := past{plan: plan(ended.Add(time.Minute)), summary: &job.Summary{Listed: 2}}
		c.change(&first, &later)
		if got := first.mendedBy(later); got != c.want {
			t.Errorf("%s: mendedBy = %v, want %v", name, got, c.want)
		}
	}
}

// TestJudge: what still fails after any number of retries is judged beside all that the first run had listed.
func TestJudge(t *testing.T) {
	run := func(retries string, tolerated float64) past {
		return past{plan: &job.Plan{RetryFailuresOf: retries, Limits: job.Limits{ToleratedFailurePercentage: tolerated}}, summary: &job.Summary{}}
	}
	reports := map[string]past{
		"night": run("", 5), "again": run("night", 100), "third": run("again", 100), "all": run("", 100),
		"strict": run("night", 0), "orphan": run("expired", 100), "ring": run("ring", 100), "expired": {plan: &job.Plan{}},
	}
	for name, want := range map[string]string{
		"night": "night", "again": "night", "third": "night", "all": "all",
		"strict": "strict", // it has a tolerance of its own
		"orphan": "orphan", "ring": "ring", "none": "none",
	} {
		p := reports[name]
		p.name = name
		got := p.judge(func(earlier *past) error {
			*earlier = past{name: earlier.name, plan: reports[earlier.name].plan, summary: reports[earlier.name].summary}
			return nil
		})
		if got.name != want {
			t.Errorf("a retry of %s is judged by %s, want %s", name, got.name, want)
		}
	}
}

// TestRetry_of_a_stack_whose_run_was_retried_otherwise: what another run has made of the failures is no reason to
// leave them alone.
func TestRetry_of_a_stack_whose_run_was_retried_otherwise(t *testing.T) {
	f := newFakeAWS(t)
	hourAgo := time.Now().Add(-time.Hour).Truncate(time.Second)
	f.runs = []*fakeRun{
		{name: "later", status: "SUCCEEDED", input: `{"retryFailuresOf":"r"}`, started: hourAgo.Add(time.Minute), stopped: hourAgo.Add(2 * time.Minute)},
		{name: "r", status: "SUCCEEDED", input: "{}", started: hourAgo, stopped: hourAgo},
	}
	f.report(t, job.Summary{Run: "r", Status: "SUCCEEDED", Listed: 100, Failed: 1, Finished: hourAgo})
	f.reportPlanned(t, job.Summary{Run: "later", Listed: 1, Started: hourAgo.Add(time.Minute)}, func(p *job.Plan) { p.Job.Variants[0].Name = "w1024" })
	stdout, stderr, status := command(t.Context(), "retry", "r")
	wants(t, stdout+stderr, status, ExitSucceeded, "with 1 failure, so a new run goes over those, by the same recipe", "started")
	if f.called("StartExecution") != 1 {
		t.Error("no run was started")
	}
}

// TestRetry_by_a_plan_of_another_version: what the plan says is passed on as it stands, or refused by name.
func TestRetry_by_a_plan_of_another_version(t *testing.T) {
	for _, c := range []struct{ old, replaced, says string }{
		{`"variants"`, `"recipe"`, "the plan of r does not tell its variants: start a run with the input {"},
		{`"overwrite"`, `"over"`, "the plan of r does not tell its overwrite"},
		{`"fit":"inside"`, `"sharpen":1`, "variants[0].sharpen: given 1; allowed: no such field"},
		{`"format":"same"`, `"format":"avif"`, ""}, // which the deployment may have, for all that is known here
	} {
		f := newFakeAWS(t)
		hourAgo := time.Now().Add(-time.Hour)
		f.runs = []*fakeRun{{name: "r", status: "SUCCEEDED", input: "{}", started: hourAgo, stopped: hourAgo}}
		f.report(t, job.Summary{Run: "r", Status: "SUCCEEDED", Listed: 100, Failed: 1})
		plan := fakeWork + "/" + job.ReportKey("r", stack.PlanFile)
		f.objects[plan] = strings.Replace(f.objects[plan], c.old, c.replaced, 1)
		stdout, stderr, status := command(t.Context(), "retry", "r")
		if c.says == "" {
			wants(t, stdout+stderr, status, ExitSucceeded, "started")
			continue
		}
		wants(t, stdout+stderr, status, ExitFailed, c.says)
		if f.called("StartExecution") != 0 {
			t.Errorf("without %s: a run was started", c.old)
		}
	}
}
