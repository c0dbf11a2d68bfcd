package merge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
)

// TestReport_names_every_fault, and what it could not do at first it does when it is called again.
func TestReport_names_every_fault(t *testing.T) {
	const file = "s3://files/in.csv"
	for _, c := range []struct {
		call string
		code int
		want error
	}{
		{"GET work/" + checks.ReportKey("run-2", "plan.json"), http.StatusForbidden, job.AccessDenied{}},
		{"GET work/" + checks.LastKey(file), http.StatusForbidden, job.AccessDenied{}},
		{"GET work/" + checks.ReportKey("run-1", failingName), http.StatusServiceUnavailable, job.Throttled{}},
		{"GET work/" + checks.WorkKey("run-2", checks.ItemsName), http.StatusForbidden, job.AccessDenied{}},
		{"GET work/" + checks.WorkKey("run-2", "checks/"), http.StatusServiceUnavailable, job.Throttled{}},
		{"GET work/" + checks.WorkKey("run-2", checks.ResultsFolder), http.StatusForbidden, job.AccessDenied{}},
		{"LIST work/" + checks.WorkKey("run-2", "checks/"), http.StatusForbidden, job.AccessDenied{}},
		{"LIST work/" + checks.WorkKey("run-2", ""), http.StatusInternalServerError, job.Unavailable{}},
		{"PUT files/out.jsonl", http.StatusForbidden, job.AccessDenied{}},
		{"PUT files/out.jsonl", http.StatusNotFound, job.Unavailable{}},
		{"PUT work/" + checks.ReportKey("run-2", failingName), http.StatusForbidden, job.AccessDenied{}},
		{"PUT work/" + checks.ReportKey("run-2", "report.html"), http.StatusInternalServerError, job.Unavailable{}},
		{"PUT work/" + checks.ReportKey("run-2", "summary.json"), http.StatusPreconditionFailed, job.Unavailable{}},
		{"PUT work/" + checks.LastKey(file), http.StatusForbidden, job.AccessDenied{}},
		{"GET work/" + checks.LockKey(file), http.StatusForbidden, job.AccessDenied{}},
		{"DELETE", http.StatusForbidden, job.AccessDenied{}},
	} {
		t.Run(fmt.Sprintf("%s %d", c.call, c.code), func(t *testing.T) {
			w := newWorld(3)
			w.whole(map[int]checks.Code{1: checks.Timeout}).report(t)
			r := w.whole(map[int]checks.Code{2: checks.Timeout})
			w.s3.faults[c.call] = c.code
			_, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run}})
			if got, want := fmt.Sprintf("%T", err), fmt.Sprintf("%T", c.want); got != want {
				t.Errorf("Report = %s %v, want %s", got, err, want)
			}
			clear(w.s3.faults)
			if s := r.report(t); !s.Balanced || s.Alert.New != 1 || s.Alert.Recovered != 1 || len(w.below("work/"))+len(w.below("locks/")) > 0 {
				t.Errorf("called again: notes %v, alert %+v, and %v, %v left", s.Notes, s.Alert, w.below("work/"), w.below("locks/"))
			}
		})
	}
}

// TestReport_of_working_files_that_stay: S3 answers that all is well, and names those that it kept.
func TestReport_of_working_files_that_stay(t *testing.T) {
	for code, want := range map[string]error{"AccessDenied": job.AccessDenied{}, "InternalError": job.Unavailable{}} {
		r := newWorld(1).whole(nil)
		r.s3.kept = code
		_, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run}})
		if got, want := fmt.Sprintf("%T", err), fmt.Sprintf("%T", want); got != want || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: Report = %s %v, want %s that says so", code, got, err, want)
		}
	}
}

// TestReport_counts_the_notes_it_has_no_room_for.
func TestReport_counts_the_notes_it_has_no_room_for(t *testing.T) {
	r := newWorld(2).whole(nil)
	for range maxNotes + 5 {
		r.output = append(r.output, map[string]any{})
	}
	s := r.report(t)
	if s.Balanced || len(s.Notes) != maxNotes+1 {
		t.Fatalf("balanced %v with %d notes, want %d of them and a count", s.Balanced, len(s.Notes), maxNotes)
	}
	if got, want := s.Notes[0], "A batch says that it succeeded, but not what it did."; got != want {
		t.Errorf("the first note is %q, want %q", got, want)
	}
	if got, want := s.Notes[maxNotes], "There are 5 more reasons like these."; got != want {
		t.Errorf("the last note is %q, want %q", got, want)
	}
}
