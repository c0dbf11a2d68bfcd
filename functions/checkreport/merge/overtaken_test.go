package merge

import (
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
)

// TestReport_an_older_run that ends last does not overwrite what a newer one has left, nor tell old news. Its
// results are beside its report, as others than the owner of the file may see them.
func TestReport_an_older_run(t *testing.T) {
	w := newWorld(2)
	w.query = "?token=hunter2"
	old := w.whole(map[int]checks.Code{1: checks.Timeout})
	w.whole(nil).report(t)
	newer := w.s3.objects["files/out.jsonl"]
	overtaken := func(s checks.Summary) {
		t.Helper()
		const own = "work/reports/checks.run-1/results.jsonl"
		if s.Alert.Changed || s.OvertakenBy != "run-2" || s.Output != "s3://"+own || !strings.HasPrefix(s.Message, "run-2, which began later, has reported before: these results are at s3://"+own) {
			t.Errorf("alert %v, overtaken by %q, results at %s: %s", s.Alert.Changed, s.OvertakenBy, s.Output, s.Message)
		}
		if w.s3.objects["files/out.jsonl"] != newer {
			t.Errorf("the newer results are gone:\n%s", w.s3.objects["files/out.jsonl"])
		}
		if got := w.s3.objects[own]; strings.Count(got, "\n") != 2 || !strings.Contains(got, `"code":"Timeout"`) || strings.Contains(got, "hunter") {
			t.Errorf("its own results are\n%s", got)
		}
		if page := w.s3.objects["work/reports/checks.run-1/report.html"]; !strings.Contains(page, "<dd><bdi>s3://"+own+"</bdi></dd>") {
			t.Error("the page does not say where they are")
		}
	}
	overtaken(old.report(t))
	if s := w.whole(nil).report(t); s.Alert.Changed {
		t.Errorf("alert of the run after: %+v, want none", s.Alert)
	}
}

// TestReport_a_run_that_is_overtaken_at_its_report.
func TestReport_a_run_that_is_overtaken_at_its_report(t *testing.T) {
	w := newWorld(2)
	old := w.whole(map[int]checks.Code{1: checks.Timeout})
	newer := w.whole(nil)
	w.s3.meanwhile = map[string]func(){"PUT work/" + checks.ReportKey("run-1", failingName): func() { newer.report(t) }}
	s, err := old.tryReport(t, account.Ended{Ended: job.Ended{Run: "run-1"}})
	if err != nil || s.OvertakenBy != "run-2" || s.Output != "s3://work/reports/checks.run-1/results.jsonl" || s.Alert.Changed || s.Failing != 1 || !s.Balanced {
		t.Errorf("%+v, %v", s, err)
	}
	if got := w.results(t); !slices.Equal(got, []string{"1 c1 OK", "2 c2 OK"}) {
		t.Errorf("results %v, want those of the newer run", got)
	}
}
