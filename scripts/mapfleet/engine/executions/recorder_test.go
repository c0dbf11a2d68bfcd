package executions

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/statemachine/asl"
)

func TestRecorder_keeps_the_history_over_a_redrive(t *testing.T) {
	f := In(t.TempDir())
	create(t, f, "x", Running, time.Time{})
	run := asl.MapRun{ARN: "run", Status: "RUNNING"}
	for attempt := range 2 {
		r, err := f.Record("x")
		if err != nil {
			t.Fatal(err)
		}
		r.Observe([]asl.Event{{Time: noon, Kind: asl.ExecutionStarted, Input: map[string]any{"n": 1}}, {Time: noon, Kind: asl.ExecutionRedriven, RedriveCount: 1}}[attempt])
		r.Observe(asl.Event{Time: noon, Kind: asl.StateEntered, State: "M", StateType: "Map", Iteration: []int{0}})
		run.RedriveCount = attempt
		r.Observe(asl.Event{Time: noon, Kind: []asl.Kind{asl.MapRunStarted, asl.MapRunRedriven}[attempt], MapRunARN: "run", MapRun: &run})
		r.Observe(asl.Event{Time: noon, Kind: asl.ItemsRead, MapRunARN: "run", MapRun: &run})
		r.Observe(asl.Event{Time: noon, Kind: asl.ChildStarted, MapRunARN: "run", Child: "c", MapRun: &run})
		r.Observe(asl.Event{Time: noon, Kind: asl.StateEntered, State: "T", MapRunARN: "run", Child: "c"})
		r.Observe(asl.Event{Time: noon, Kind: asl.ExecutionFailed, Error: "Broken", Cause: "why"})
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var got []Event
	for e, err := range f.History("x") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e)
	}
	want := []Event{
		{ID: 1, Time: noon, Kind: asl.ExecutionStarted, Input: []byte(`{"n":1}`)},
		{ID: 2, Time: noon, Kind: asl.StateEntered, State: "M", StateType: "Map", Iteration: []int{0}},
		{ID: 3, Time: noon, Kind: asl.MapRunStarted, MapRun: "run", MapRunStatus: "RUNNING"},
		{ID: 4, Time: noon, Kind: asl.ExecutionFailed, Error: "Broken", Cause: "why"},
		{ID: 5, Time: noon, Kind: asl.ExecutionRedriven, RedriveCount: 1},
		{ID: 6, Time: noon, Kind: asl.StateEntered, State: "M", StateType: "Map", Iteration: []int{0}},
		{ID: 7, Time: noon, Kind: asl.MapRunRedriven, MapRun: "run", MapRunStatus: "RUNNING", RedriveCount: 1},
		{ID: 8, Time: noon, Kind: asl.ExecutionFailed, Error: "Broken", Cause: "why"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("History (-want +got)\n%s", diff)
	}
	if runs, err := f.MapRuns("x"); err != nil || len(runs) != 1 || runs[0] != run {
		t.Errorf("MapRuns = %+v, %v, want %+v", runs, err, run)
	}
}

func TestRecorder_bounds_the_history(t *testing.T) {
	f := In(t.TempDir())
	create(t, f, "x", Running, time.Time{})
	r, err := f.Record("x")
	if err != nil {
		t.Fatal(err)
	}
	for range maxEvents + 10 {
		r.Observe(asl.Event{Kind: asl.StateEntered, State: "loop"})
	}
	for range 2 {
		r.Observe(asl.Event{Kind: asl.ExecutionSucceeded})
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	n, last := 0, Event{}
	for e, err := range f.History("x") {
		if err != nil {
			t.Fatal(err)
		}
		n, last = n+1, e
	}
	if events, err := f.Events("x"); n != maxEvents || events != n || err != nil || last.Kind != asl.ExecutionSucceeded || last.ID != maxEvents {
		t.Errorf("%d events (%d, %v), the last %+v, want %d with the end as the last", n, events, err, last, maxEvents)
	}
}

func TestRecorder_tells_what_it_could_not_keep(t *testing.T) {
	f := In(t.TempDir())
	create(t, f, "x", Running, time.Time{})
	r, err := f.Record("x")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(f.file("x", historyFile), 0o755); err != nil { // in the file's way
		t.Fatal(err)
	}
	r.Observe(asl.Event{Kind: asl.ExecutionStarted})
	if err := r.Close(); err == nil || !errors.Is(err, r.err) {
		t.Errorf("Close = %v, want an error", err)
	}
}

func TestRecorder_keeps_the_counts_of_a_running_Map_Run_now_and_then(t *testing.T) {
	f := In(t.TempDir())
	create(t, f, "x", Running, time.Time{})
	r, err := f.Record("x")
	if err != nil {
		t.Fatal(err)
	}
	for second := range 35 {
		run := asl.MapRun{ARN: "run", Status: "RUNNING", Items: asl.Counts{Total: 5000, Succeeded: int64(1000 + second)}}
		r.Observe(asl.Event{Time: noon.Add(time.Duration(second) * time.Second), Kind: asl.ChildSucceeded, MapRunARN: "run", Child: "c", MapRun: &run})
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if runs, err := f.MapRuns("x"); err != nil || len(runs) != 1 || runs[0].Items.Succeeded != 1030 {
		t.Errorf("MapRuns = %+v, %v, want the counts of the 30th second", runs, err)
	}
	if lines := read(t, f.file("x", mapRunsFile)); len(lines) != 4 {
		t.Errorf("%d records of the Map Run, want 4 in 35 s", len(lines))
	}
}

// TestRecorder_keeps_the_counts_of_a_Map_Run_as_it_begins: whenever its process is killed, no more than half of what
// was seen of it is forgotten, and few records are written for it.
func TestRecorder_keeps_the_counts_of_a_Map_Run_as_it_begins(t *testing.T) {
	f := In(t.TempDir())
	create(t, f, "x", Running, time.Time{})
	r, err := f.Record("x")
	if err != nil {
		t.Fatal(err)
	}
	run := asl.MapRun{ARN: "run", Status: "RUNNING"}
	observe := func(kind asl.Kind) {
		event := run
		r.Observe(asl.Event{Time: noon, Kind: kind, MapRunARN: "run", Child: "c", MapRun: &event})
		runs, err := f.MapRuns("x")
		if err != nil || len(runs) != 1 {
			t.Fatalf("MapRuns = %+v, %v, want one", runs, err)
		}
		if got := runs[0].Items; got.Total*2 < run.Items.Total || got.Succeeded*2 < run.Items.Succeeded {
			t.Fatalf("%d of %d items are kept, %d of %d were seen", got.Succeeded, got.Total, run.Items.Succeeded, run.Items.Total)
		}
	}
	observe(asl.MapRunStarted)
	for range 100 {
		run.Items.Total += 1000
		observe(asl.ItemsRead)
		for range 10 {
			run.Items.Succeeded += 20
			observe(asl.ChildSucceeded)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if lines := read(t, f.file("x", mapRunsFile)); len(lines) > 25 {
		t.Errorf("%d records of one Map Run within a moment, want one for each doubling", len(lines))
	}
}
