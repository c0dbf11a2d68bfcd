package executions

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/statemachine/asl"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// create keeps an execution that started at noon.
func create(t *testing.T, f Folder, name, status string, stop time.Time) Execution {
	t.Helper()
	x := Execution{ARN: "arn:" + name, Name: name, Status: status, Start: noon, Stop: stop, Input: json.RawMessage(`{}`)}
	if err := f.Create(x, `{"StartAt":"A"}`); err != nil {
		t.Fatal(err)
	}
	return x
}

// record gives an execution a journal.
func record(t *testing.T, f Folder, name string) {
	t.Helper()
	j := f.Journal(name)
	if err := errors.Join(j.Append("steps", []byte(`{}`)), j.Sync("steps"), j.Close()); err != nil {
		t.Fatal(err)
	}
}

func hasJournal(f Folder, name string) bool {
	for range f.Journal(name).Read("steps") {
		return true
	}
	return false
}

func TestFolder_keeps_executions(t *testing.T) {
	f := In(filepath.Join(t.TempDir(), "executions"))
	if all, err := f.All(); err != nil || len(all) != 0 {
		t.Errorf("All = %v, %v in a folder that is not there, want none", all, err)
	}
	second := create(t, f, "a", Running, time.Time{})
	second.Start = noon.Add(time.Minute)
	if err := f.Update(second); err != nil {
		t.Fatal(err)
	}
	first := create(t, f, "b", Failed, noon.Add(time.Hour))
	if err := f.Create(first, ""); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create = %v for a name that is taken, want fs.ErrExist", err)
	}
	for _, name := range []string{"", ".", "..", "a/b", ".hidden"} {
		if err := f.Create(Execution{Name: name}, ""); err == nil {
			t.Errorf("Create(%q) = nil, want an error", name)
		}
	}
	all, err := f.All()
	if diff := cmp.Diff([]Execution{first, second}, all); err != nil || diff != "" {
		t.Errorf("All: %v, (-want +got)\n%s", err, diff)
	}
	if _, err := f.Read("c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read = %v for a name that nobody has, want fs.ErrNotExist", err)
	}
	if d, err := f.Definition("a"); err != nil || d != `{"StartAt":"A"}` {
		t.Errorf("Definition = %q, %v", d, err)
	}
	if err := os.WriteFile(f.file("b", recordFile), []byte(`{`), 0o644); err != nil {
		t.Fatal(err)
	}
	if all, err := f.All(); err == nil || len(all) != 1 {
		t.Errorf("All = %v, %v with a damaged record, want the other one and an error", all, err)
	}
}

func TestFolder_Tidy(t *testing.T) {
	f := In(t.TempDir())
	for name, x := range map[string]struct {
		status string
		stop   time.Time
	}{"killed": {Running, time.Time{}}, "done": {Succeeded, noon}, "failed": {Failed, noon}, "old": {Aborted, noon.Add(-15 * 24 * time.Hour)}} {
		create(t, f, name, x.status, x.stop)
		record(t, f, name)
	}
	r, err := f.Record("killed")
	if err != nil {
		t.Fatal(err)
	}
	r.Observe(asl.Event{Kind: asl.ExecutionStarted})
	r.Observe(asl.Event{Kind: asl.MapRunStarted, MapRunARN: "run", MapRun: &asl.MapRun{ARN: "run", Status: "RUNNING"}})
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := f.Tidy(noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		x, err := f.Read("killed")
		if err != nil || x.Status != Aborted || !strings.Contains(x.Cause, "killed") || x.Stop.Before(noon) {
			t.Errorf("the killed execution is %+v, %v, want ABORTED with a cause", x, err)
		}
		runs, err := f.MapRuns("killed")
		if err != nil || len(runs) != 1 || runs[0].Status != Aborted || runs[0].Stop.IsZero() {
			t.Errorf("its Map Runs are %+v, %v, want one that was ABORTED", runs, err)
		}
		var kinds []asl.Kind
		for e, err := range f.History("killed") {
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, e.Kind)
		}
		if want := []asl.Kind{asl.ExecutionStarted, asl.MapRunStarted, asl.MapRunFinished, asl.ExecutionAborted}; !cmp.Equal(kinds, want) {
			t.Errorf("its history is %v, want %v", kinds, want)
		}
		for name, want := range map[string]bool{"killed": true, "failed": true, "done": false, "old": false} {
			if got := hasJournal(f, name); got != want {
				t.Errorf("%s has a journal: %v, want %v", name, got, want)
			}
		}
	}
}

func TestExecution_NotRedrivable(t *testing.T) {
	for _, test := range []struct {
		status string
		after  time.Duration
		events int
		want   string
	}{
		{Failed, time.Hour, 100, ""},
		{TimedOut, 14 * 24 * time.Hour, 24_998, ""},
		{Aborted, 14*24*time.Hour + 1, 100, "14 days"},
		{Failed, time.Hour, 24_999, "24999 events"},
		{Succeeded, time.Hour, 100, "SUCCEEDED"},
		{Running, time.Hour, 100, "RUNNING"},
	} {
		x := Execution{Status: test.status, Stop: noon}
		if got := x.NotRedrivable(noon.Add(test.after), test.events); !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("NotRedrivable(%s after %v with %d events) = %q, want %q", test.status, test.after, test.events, got, test.want)
		}
	}
}

// TestTidy_frees_names: what a process left that ended while it made an execution is no execution.
func TestTidy_frees_names(t *testing.T) {
	f := In(t.TempDir())
	if err := os.MkdirAll(filepath.Dir(f.file("half", definitionFile)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(f.file("half", definitionFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	whole := create(t, f, "whole", Succeeded, noon)
	if err := f.Create(Execution{Name: "half"}, ""); !errors.Is(err, fs.ErrExist) {
		t.Errorf("Create = %v before Tidy, want fs.ErrExist", err)
	}
	if err := f.Tidy(noon); err != nil {
		t.Fatal(err)
	}
	create(t, f, "half", Running, time.Time{})
	if got, err := f.Read(whole.Name); err != nil || got.Status != Succeeded {
		t.Errorf("after Tidy: %+v, %v", got, err)
	}
}
