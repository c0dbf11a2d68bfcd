package asl

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRedrive_runs_only_the_children_that_failed(t *testing.T) {
	m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":4,"ToleratedFailurePercentage":20,`))
	x, s, j, c, events := fleetOf(1000)
	c.before = func(_ context.Context, key string) error {
		if strings.HasPrefix(key, "p/0007") || strings.HasPrefix(key, "p/0003") || strings.HasPrefix(key, "p/0005") {
			return &Error{Name: "BatchFailed", Cause: "wrong recipe"}
		}
		return nil
	}
	_, err := m.Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorToleranceLimit {
		t.Fatalf("Run = %v, want %s", err, errorToleranceLimit)
	}
	first := events.mapRun(t)
	if first.Items.Failed <= 200 || first.Items.Succeeded == 0 {
		t.Fatalf("Map Run = %+v, want more than 200 failed and some succeeded", first)
	}
	c.forget()
	c.before = nil
	output, err := m.Redrive(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	run := events.mapRun(t)
	want := MapRun{ARN: first.ARN, Execution: x.ID, State: "S", Label: "L", Status: "SUCCEEDED", Listed: true, MaxConcurrency: 4,
		ToleratedFailureCount: -1, ToleratedFailurePercentage: 20, Start: run.Start, Stop: run.Stop, RedriveCount: 1, RedriveDate: run.RedriveDate,
		Items:      Counts{Succeeded: 1000, Total: 1000, ResultsWritten: 1000},
		Executions: Counts{Succeeded: 100, Total: 100, ResultsWritten: 100}}
	if run != want || !run.Start.Equal(first.Start) || run.RedriveDate.Before(first.Stop) {
		t.Errorf("Map Run = %+v, want %+v", run, want)
	}
	if worked := c.forget(); worked != 1000-int(first.Items.Succeeded) {
		t.Errorf("%d items were worked on again, want the %d that had not succeeded", worked, 1000-first.Items.Succeeded)
	}
	if events.count(MapRunStarted) != 1 || events.count(MapRunRedriven) != 1 {
		t.Errorf("%d Map Runs started, %d redriven, want 1 and 1", events.count(MapRunStarted), events.count(MapRunRedriven))
	}
	if arn := output.(map[string]any)["MapRunArn"]; arn != first.ARN {
		t.Errorf("output names %v, want %s", arn, first.ARN)
	}
	wantOnce(t, s, 1000)
	if logs := j.logs(); len(logs) > 0 {
		t.Errorf("the journal still holds %v, which nobody needs now", logs)
	}
}

func TestRedrive_of_a_redrive_that_was_aborted(t *testing.T) {
	for _, c := range []struct {
		name     string
		pageSize int
		least    int64 // child executions that are known at the end
	}{
		{"listed in one page", 300, 30},
		{"listed as far as there was time before too many failed", 20, 13}, // those up to the 36th failure
	} {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, fleet(listing+exporter+tens+`"MaxConcurrency":2,"ToleratedFailureCount":35,`))
			x, s, _, calls, events := fleetOf(300)
			s.pageSize = c.pageSize
			calls.before = func(_ context.Context, key string) error {
				if key < "p/000010" || key >= "p/000100" && key < "p/000130" {
					return &Error{Name: "Broken", Cause: "the first time"}
				}
				return nil
			}
			if _, err := m.Run(t.Context(), x); err == nil {
				t.Fatal("Run succeeded, want too many failures")
			}
			first := events.mapRun(t).Items

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			calls.before = func(ctx context.Context, key string) error {
				cancel()
				<-ctx.Done()
				return ctx.Err()
			}
			if _, err := m.Redrive(ctx, x); !errors.Is(err, ErrAborted) {
				t.Fatalf("Redrive = %v, want ErrAborted", err)
			}
			second := events.mapRun(t)
			i := second.Items
			if second.Status != "ABORTED" || second.RedriveCount != 1 || i.Succeeded != first.Succeeded || i.PendingRedrive != 0 || i.Failed+i.Aborted != first.Failed+first.Aborted ||
				i.Total != i.Pending+i.Succeeded+i.Failed+i.Aborted || i.Running != 0 {
				t.Errorf("after %+v the aborted redrive has %+v: want what was not run again where it was", first, second)
			}
			if e := second.Executions; e.PendingRedrive != 0 || e.Running != 0 || e.Total < c.least || e.Total > 30 || 10*e.Total != i.Total || e.Total != e.Pending+e.Succeeded+e.Failed+e.Aborted || 10*e.Succeeded != i.Succeeded {
				t.Errorf("its child executions are %+v, want %d to 30 of ten items each that are as these", e, c.least)
			}
			found := resulting(t, s)
			if len(found["SUCCEEDED"]) != int(i.Succeeded) || len(found["FAILED"]) != int(i.Failed+i.Aborted) || len(found["PENDING"]) != int(i.Pending) {
				t.Errorf("the result files have %d, %d and %d items, want %+v", len(found["SUCCEEDED"]), len(found["FAILED"]), len(found["PENDING"]), i)
			}
			if files := resultFilesOf(t, s); !bytes.Contains(files["FAILED_0.json"], []byte("the first time")) {
				t.Error("FAILED_0.json has lost why children failed that were not run again")
			}

			calls.before = nil
			if _, err := m.Redrive(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if run := events.mapRun(t); run.RedriveCount != 2 || run.Items != (Counts{Succeeded: 300, Total: 300, ResultsWritten: 300}) {
				t.Errorf("Map Run = %+v, want all 300 items", run)
			}
			wantOnce(t, s, 300)
		})
	}
}

func TestRedrive_begins_another_Map_Run(t *testing.T) {
	for _, test := range []struct {
		name, more string
		output     func(broken bool) any
		want       string // error of the Run
	}{
		{"after States.DataLimitExceeded", ``, func(broken bool) any {
			if broken {
				return strings.Repeat("x", maxPayload/2)
			}
			return "x"
		}, errorDataLimit},
		{"after States.Runtime", `"OutputPath":"$[0].a",`, func(broken bool) any {
			if broken {
				return "x"
			}
			return map[string]any{"a": 1}
		}, errorRuntime},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := parse(t, fleet(test.more))
			x, j, _ := journalled(`[1,2,3]`)
			var events journal
			x.Observe = events.observe
			broken := true
			x.Tasks = tasks(func(context.Context, string, any) (any, error) { return test.output(broken), nil })
			_, err := m.Run(t.Context(), x)
			if e, _ := errors.AsType[*Error](err); e == nil || e.Name != test.want {
				t.Fatalf("Run = %v, want %s", err, test.want)
			}
			before := j.logs()
			broken = false
			if _, err := m.Redrive(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if events.count(MapRunStarted) != 2 || events.count(ChildStarted) != 6 || events.count(MapRunRedriven) != 0 {
				t.Errorf("%d Map Runs and %d children were started, want 2 and 6", events.count(MapRunStarted), events.count(ChildStarted))
			}
			if len(before) == 0 || len(j.logs()) != 0 {
				t.Errorf("the journal had %v and has %v, want the logs gone", before, j.logs())
			}
		})
	}
}

func TestRedrive_of_STANDARD_children_goes_on_where_they_failed(t *testing.T) {
	m := parse(t, oneState(`{"Type":"Map","Label":"L","End":true,"ToleratedFailureCount":0,"MaxConcurrency":1,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"A","States":{"A":`+invoking("a", `"Next":"B"`)+`,"B":`+invoking("b", `"End":true`)+`}}}`))
	x, _, c := journalled(`[0,1,2]`)
	c.fails = failing("b1")
	if _, err := m.Run(t.Context(), x); err == nil || c.taken() != "a0 a1 b0 b1" {
		t.Fatalf("Run = %v, want it to fail in the second child", err)
	}
	c.fails = nil
	output, err := m.Redrive(t.Context(), x)
	if made := c.taken(); err != nil || made != "a2 b1 b2" || asJSON(output) != `[0,1,2]` {
		t.Errorf("Redrive = %s, %v after %s, want [0,1,2] after a2 b1 b2", asJSON(output), err, made)
	}
}

func TestRedrive_of_a_Map_Run_has_a_limit(t *testing.T) {
	m := parse(t, fleet(``))
	x, j, c := journalled(`[1]`)
	c.fails = failing("f")
	_, _ = m.Run(t.Context(), x)
	j.all = append(j.all, remembered{stepsLog, strings.Replace(opening(j), `"retries"`, `"redrives":1000,"retries"`, 1)})
	_, err := m.Redrive(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorRuntime || !strings.Contains(e.Cause, "1000 times") {
		t.Errorf("Redrive = %v, want %s", err, errorRuntime)
	}
}

// opening is the record with which the Map Run began, as one that can be changed.
func opening(j *memory) string {
	for _, r := range j.all {
		if strings.Contains(r.record, `"mapRun"`) {
			return strings.Replace(r.record, `"start"`, `"retries":0,"start"`, 1)
		}
	}
	return ""
}

func TestRedrive_writes_again_when_only_the_results_are_missing(t *testing.T) {
	m := parse(t, fleet(listing+exporter+tens))
	x, s, _, c, events := fleetOf(100)
	s.failPut = "manifest"
	if _, err := m.Run(t.Context(), x); err == nil || c.forget() != 100 {
		t.Fatalf("Run = %v, want all work done and no manifest", err)
	}
	s.failPut = ""
	if _, err := m.Redrive(t.Context(), x); err != nil || c.forget() != 0 {
		t.Errorf("Redrive = %v, want the results alone", err)
	}
	if run := events.mapRun(t); run.Items.Succeeded != 100 || run.Start.After(time.Now()) {
		t.Errorf("Map Run = %+v, want 100 items", run)
	}
	wantOnce(t, s, 100)
}

// TestRedrive_writes_the_same_result_files as a run of which nothing failed.
func TestRedrive_writes_the_same_result_files(t *testing.T) {
	for _, transformation := range []string{"NONE", "COMPACT", "FLATTEN"} {
		t.Run(transformation, func(t *testing.T) {
			m := parse(t, fleet(listing+strings.Replace(exporter, "COMPACT", transformation, 1)+tens+`"MaxConcurrency":1,"ToleratedFailureCount":15,`))
			rows := func(broken bool) []string {
				x, s, _, c, _ := fleetOf(95)
				if broken {
					c.before = func(_ context.Context, key string) error {
						if key == "p/000020.jpg" || key == "p/000050.jpg" {
							return errors.New("once")
						}
						return nil
					}
					if _, err := m.Run(t.Context(), x); err == nil {
						t.Fatal("Run succeeded, want too many failures")
					}
				}
				c.before = nil
				if _, err := m.Redrive(t.Context(), x); err != nil {
					t.Fatal(err)
				}
				wantRows := dump(s, nil)
				return slices.Sorted(strings.Lines(wantRows[strings.Index(wantRows, "SUCCEEDED_0"):]))
			}
			if got, want := rows(true), rows(false); !slices.Equal(got, want) {
				t.Errorf("after a redrive the files are\n%s\nwant\n%s", got, want)
			}
		})
	}
}
