package merge

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
)

// TestReport_merges_rounds: the lines of batches and of their later rounds lie between each other's.
func TestReport_merges_rounds(t *testing.T) {
	w := newWorld(12)
	w.file[4] = ""
	r := w.begin()
	r.round([]int{1, 2, 3, 4, 5, 6}, []int{1, 4, 6}, map[int]checks.Code{4: checks.Timeout})
	r.round([]int{2, 3, 5}, []int{2, 5}, nil)
	r.round([]int{3}, []int{3}, map[int]checks.Code{3: checks.WrongStatus})
	r.done()
	r.round([]int{7, 8, 9, 10, 11, 12}, []int{7, 12}, nil)
	r.round([]int{8, 9, 10, 11}, []int{8, 9, 10, 11}, nil)
	r.done()
	s := r.report(t)
	want := "1 c1 OK, 2 c2 OK, 3 c3 WrongStatus, 4 c4 Timeout, 5  BadLine, 6 c6 OK, 7 c7 OK, 8 c8 OK, 9 c9 OK, 10 c10 OK, 11 c11 OK, 12 c12 OK"
	if got := strings.Join(w.results(t), ", "); got != want {
		t.Errorf("results\n%s, want\n%s", got, want)
	}
	if s.Status != "SUCCEEDED" || !s.Balanced || s.OK != 9 || s.Failing != 2 || s.Bad != 1 || s.NotDone != 0 || s.Batches != 2 {
		t.Errorf("%s, balanced %v, %d OK, %d failing, %d bad, %d not done, %d batches; %v", s.Status, s.Balanced, s.OK, s.Failing, s.Bad, s.NotDone, s.Batches, s.Notes)
	}
	if got := fmt.Sprintf("%.2f", s.Availability); got != "81.82" {
		t.Errorf("availability %s, want 9 of 11", got)
	}
	if left := append(w.below("work/"), w.below("locks/")...); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
	for _, name := range []string{"failing.jsonl", "plan.json", "report.html", "summary.json"} {
		if w.s3.objects["work/reports/checks.run-1/"+name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
	var kept checks.Summary
	if err := json.Unmarshal([]byte(w.s3.objects["work/reports/checks.run-1/summary.json"]), &kept); err != nil || cmp.Diff(kept, s) != "" {
		t.Errorf("summary.json: %v\n%s", err, cmp.Diff(kept, s))
	}
}

func TestReport_as_CSV(t *testing.T) {
	w := newWorld(2)
	w.output = "s3://files/out.csv"
	w.file[0] = `with, comma and "quotes"`
	w.whole(map[int]checks.Code{2: checks.Refused}).report(t)
	want := strings.Join(columns, ",") + "\n" +
		`1,"with, comma and ""quotes""","https://example.com/with, comma and ""quotes""",OK,200,1,,,,,,2026-11-21T12:01:00.000Z,1,,,,,,` + "\n" +
		`2,c2,https://example.com/c2,Refused,500,2,,,,,,2026-11-21T12:01:00.000Z,1,,,,,,as told` + "\n"
	if diff := cmp.Diff(want, w.s3.objects["files/out.csv"]); diff != "" {
		t.Errorf("results differ (-want +got):\n%s", diff)
	}
}

// TestReport_lines_that_are_not_done are told, and a run with such a line has not succeeded.
func TestReport_lines_that_are_not_done(t *testing.T) {
	w := newWorld(4)
	r := w.begin()
	r.round([]int{1, 2}, []int{1, 2}, nil)
	r.done()
	r.round([]int{3, 4}, []int{3}, nil) // a round of a batch that fails in the next one
	w.s3.objects["work/"+r.plan.Results.Prefix+"uuid/FAILED_0.json"] = `[{"Name":"b2","Status":"FAILED","Error":"Throttled","Cause":"{\"errorMessage\":\"slow down\"}"}]`
	s := r.report(t)
	if s.Status != "FAILED" || !s.Balanced || s.OK != 3 || s.NotDone != 1 || s.ByCode[checks.NotDone] != 1 {
		t.Errorf("%s, balanced %v, %d OK, %d not done; %v", s.Status, s.Balanced, s.OK, s.NotDone, s.Notes)
	}
	if want := "3 of 4 checks are OK, 1 not done (Throttled: slow down)"; !strings.HasPrefix(s.Message, want) {
		t.Errorf("message %q, want %q at its start", s.Message, want)
	}
	if got := w.results(t); len(got) != 4 || got[3] != "4 c4 NotDone" {
		t.Errorf("results %v, want the last NotDone", got)
	}
	if !s.Alert.Changed || s.Alert.Subject != "mapfleet checks: 1 not done" {
		t.Errorf("alert %v %q, want one of the line that is not done", s.Alert.Changed, s.Alert.Subject)
	}
	if s := w.whole(nil).report(t); !s.Alert.Changed || s.Alert.Subject != "mapfleet checks: all lines done again" {
		t.Errorf("alert of the next run: %v %q", s.Alert.Changed, s.Alert.Subject)
	}
}

// TestReport_accounts_that_disagree are told loudly.
func TestReport_accounts_that_disagree(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*run)
		want   string
	}{
		"a line is lost on the way": {func(r *run) {
			r.s3.objects["work/"+r.plan.Items.Key] = jsonLines(r.item(1), r.item(2))
		}, "The file has 3 lines, but 2 are accounted for"},
		"a line is found twice": {func(r *run) { r.round([]int{2, 3}, []int{2}, nil) }, "Line 2 has two findings"},
		"findings are lost": {func(r *run) {
			for _, key := range r.below("work/checks.run-1/checks/") {
				delete(r.s3.objects, "work/"+key)
			}
		}, "The batches tell of 3 lines, the findings of 0"},
		"an object is damaged": {func(r *run) {
			for _, key := range r.below("work/checks.run-1/checks/") {
				r.s3.objects["work/"+key] = "{"
			}
		}, "cannot be read"},
		"a batch says something else": {func(r *run) {
			result := r.output[0].(checks.Result)
			result.Done.ByCode = map[checks.Code]int{checks.OK: 2, checks.Reset: 1}
			r.output[0] = result
		}, "The batches tell of 2 lines with OK, the findings of 3"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newWorld(3).whole(nil)
			c.change(r)
			s := r.report(t)
			if s.Balanced || s.Status != "FAILED" || !s.Alert.Changed || !strings.Contains(strings.Join(s.Notes, "\n"), c.want) {
				t.Errorf("balanced %v, %s, alert %v, notes %q, want %q among them", s.Balanced, s.Status, s.Alert.Changed, s.Notes, c.want)
			}
			if !strings.Contains(r.s3.objects["work/reports/checks.run-1/report.html"], "Why the accounts disagree") {
				t.Error("the page says nothing of it")
			}
		})
	}
}

func TestReport_only_changes_are_told(t *testing.T) {
	w := newWorld(5)
	for _, step := range []struct {
		name     string
		codes    map[int]checks.Code
		alert    string
		mentions string
		still    int
	}{
		{"the first run", map[int]checks.Code{2: checks.Timeout, 3: checks.Reset}, "2 newly failing", "line 2, c2 https://example.com/c2: Timeout: as told", 0},
		{"the same again", map[int]checks.Code{2: checks.Timeout, 3: checks.Reset}, "", "", 2},
		{"another reason is no change", map[int]checks.Code{2: checks.Refused, 3: checks.Reset}, "", "", 2},
		{"one more, one less", map[int]checks.Code{2: checks.Refused, 5: checks.Reset}, "1 newly failing, 1 recovered", "line 3, c3 https://example.com/c3: was Reset since 2026-11-21T12:01:00Z", 1},
		{"all is well", nil, "2 recovered", "c5", 0},
		{"and stays so", nil, "", "", 0},
	} {
		r := w.whole(step.codes)
		s := r.report(t)
		subject := step.alert
		if subject != "" {
			subject = "mapfleet checks: " + subject
		}
		if s.Alert.Changed != (subject != "") || s.Alert.Subject != subject || s.Alert.Still != step.still || !strings.Contains(s.Alert.Message, step.mentions) {
			t.Errorf("%s: alert %+v, want %q with %q and %d still failing", step.name, s.Alert, subject, step.mentions, step.still)
		}
	}
}

// TestReport_keeps_secrets: the query of a URL may be one. It is in the results, which are the owner's own,
// and in nothing else that stays, while checks that differ in it alone are told apart.
func TestReport_keeps_secrets(t *testing.T) {
	w := newWorld(4)
	w.query = "?token=hunter2"
	first := w.whole(map[int]checks.Code{2: checks.Timeout, 3: checks.Reset}).report(t)
	second := w.whole(map[int]checks.Code{3: checks.Reset, 4: checks.Timeout}).report(t)
	if second.Alert.New != 1 || second.Alert.Recovered != 1 || second.Alert.Still != 1 {
		t.Errorf("changes %+v, want one of each", second.Alert)
	}
	w.query = "?token=hunter3"
	w.edited++
	third := w.whole(map[int]checks.Code{3: checks.Reset}).report(t)
	if third.Alert.New != 0 || third.Alert.Still != 1 {
		t.Errorf("changes with another query %+v, want none: it is the check of that name", third.Alert)
	}
	for _, s := range []checks.Summary{first, second, third} {
		if text := fmt.Sprintf("%+v", s); strings.Contains(text, "hunter") || !strings.Contains(s.Alert.Message, "https://example.com/c") || !strings.Contains(s.Alert.Message, "?…: ") {
			t.Errorf("the output of %s tells %s", s.Run, text)
		}
	}
	for at, text := range w.s3.objects {
		if told, results := strings.Contains(text, "hunter"), "s3://"+at == w.output; told != results {
			t.Errorf("%s holds the query: %v, want it in the results alone", at, told)
		}
	}
}

// TestReport_what_is_not_known stays as it was: a check that was not made has not recovered.
func TestReport_what_is_not_known(t *testing.T) {
	w := newWorld(2)
	w.whole(map[int]checks.Code{2: checks.Timeout}).report(t)
	r := w.begin()
	r.round([]int{1, 2}, []int{1}, nil)
	r.output = append(r.output, checks.Result{Done: r.tally})
	if s := r.report(t); s.Alert.Recovered != 0 || s.NotDone != 1 {
		t.Errorf("%d recovered, %d not done, want 0 and 1", s.Alert.Recovered, s.NotDone)
	}
	if s := w.whole(nil).report(t); s.Alert.Recovered != 1 {
		t.Errorf("%d recovered, want 1: it was failing since the first run", s.Alert.Recovered)
	}
}

// TestReport_twice gives the same: the second time what it was made from is gone.
func TestReport_twice(t *testing.T) {
	w := newWorld(3)
	w.whole(nil).report(t)
	r := w.whole(map[int]checks.Code{2: checks.Timeout})
	r.s3.faults["DELETE"] = http.StatusServiceUnavailable
	if _, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run}}); err == nil || fmt.Sprintf("%T", err) != "job.Throttled" {
		t.Errorf("Report = %T %v, want a job.Throttled", err, err)
	}
	clear(r.s3.faults)
	first := r.report(t)
	second := r.report(t)
	if diff := cmp.Diff(first, second); diff != "" || first.Alert.New != 1 {
		t.Errorf("%d newly failing, want 1; the second report differs:\n%s", first.Alert.New, diff)
	}
	delete(r.s3.objects, "work/"+checks.ReportKey(r.plan.Run, "summary.json"))
	if _, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run}}); err == nil {
		t.Error("a report is made of nothing")
	}
}

// TestReport_of_a_run_that_was_stopped leaves what a redrive needs, and lets the next run in.
func TestReport_of_a_run_that_was_stopped(t *testing.T) {
	w := newWorld(4)
	r := w.begin()
	r.round([]int{1, 2}, []int{1, 2}, nil)
	r.done()
	stopped := r.plan.Started.Add(7 * time.Second)
	s, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run, Status: "ABORTED"}, Stopped: stopped})
	if !s.Finished.Equal(stopped) || s.Seconds != 7 {
		t.Errorf("it finished at %v after %v s, want %v after 7", s.Finished, s.Seconds, stopped)
	}
	if err != nil || s.Status != "ABORTED" || s.OK != 2 || s.NotDone != 2 || !s.Balanced {
		t.Errorf("%s, %d OK, %d not done, balanced %v, %v", s.Status, s.OK, s.NotDone, s.Balanced, err)
	}
	if page := r.s3.objects["work/reports/checks.run-1/report.html"]; !strings.Contains(page, "A redrive goes on with them, within 14 days: <code>mapfleet retry run-1 --job checks</code>") {
		t.Error("report.html does not say how the run goes on")
	}
	if len(w.below("work/checks.run-1/checks/")) != 1 || len(w.below("locks/")) != 0 {
		t.Errorf("it left %v and %v, want the findings and no lock", w.below("work/checks.run-1/checks/"), w.below("locks/"))
	}
	r.round([]int{3, 4}, []int{3, 4}, nil)
	r.done()
	if s := r.report(t); s.Status != "SUCCEEDED" || s.OK != 4 || len(w.below("work/")) != 0 {
		t.Errorf("redriven: %s, %d OK, and %v left", s.Status, s.OK, w.below("work/"))
	}
}

func TestReport_of_a_run_without_a_plan(t *testing.T) {
	r := newWorld(1).begin()
	if _, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: "refused", Status: "FAILED"}}); err != nil {
		t.Errorf("a run that was refused: %v", err)
	}
	_, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: "unknown"}})
	if _, ok := err.(account.PlanMissing); !ok {
		t.Errorf("a run that nobody planned: %T %v, want account.PlanMissing", err, err)
	}
}

// TestReport_the_slowest are named in their order.
func TestReport_the_slowest(t *testing.T) {
	b := newBook()
	for n := range 30 {
		f := checks.Finding{Line: n, Code: checks.OK, Status: 200, Latency: checks.Latency{Total: time.Second}}
		if n%3 == 0 {
			f.Latency.Total = 5 * time.Second
		}
		b.offer(f)
	}
	var got []int
	for _, f := range b.slowest {
		got = append(got, f.Line)
	}
	if want := []int{0, 3, 6, 9, 12, 15, 18, 21, 24, 27}; !slices.Equal(got, want) {
		t.Errorf("slowest lines %v, want %v", got, want)
	}
}

// TestAlert_subject fits whatever it tells.
func TestAlert_subject(t *testing.T) {
	b := newBook()
	b.alert = checks.Alert{New: 30_000_000, Recovered: 30_000_000}
	a := alert(checks.Summary{NotDone: 40_000_000}, b, nil, false)
	if len(a.Subject) > 100 || !strings.HasPrefix(a.Subject, "mapfleet checks: 30,000,000 newly failing, 30,000,000 recovered, 40,000,000 not done") {
		t.Errorf("subject %q has %d characters, want at most 100", a.Subject, len(a.Subject))
	}
}
