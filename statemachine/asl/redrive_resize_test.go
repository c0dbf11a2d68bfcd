package asl

import (
	"context"
	"errors"
	"maps"
	"sync/atomic"
	"testing"
)

// TestRedrive_of_the_real_file has two Map Runs, of which one is done and one fails.
func TestRedrive_of_the_real_file(t *testing.T) {
	var events journal
	var broken atomic.Bool
	var batches, plans atomic.Int64
	var reported []any
	x := execution1(`{}`)
	s := filled(1006)
	s.objects["in/manifest.jsonl"] = []byte("{\"Key\":\"a\"}\n{\"Key\":\"b\"}\n")
	x.Objects, x.Journal, x.Observe = s, &memory{}, events.observe
	x.Tasks = tasks(func(_ context.Context, function string, payload any) (any, error) {
		p := payload.(map[string]any)
		switch function {
		case "Prepare":
			plans.Add(1)
			plan := maps.Clone(prepared)
			plan["limits"] = maps.Clone(prepared["limits"].(map[string]any))
			plan["limits"].(map[string]any)["mapRuns"] = 1 // one after the other
			plan["shards"] = []any{prepared["shards"].([]any)[1], prepared["shards"].([]any)[0]}
			return plan, nil
		case "Report":
			reported = p["mapRuns"].([]any)
			return map[string]any{"balanced": true, "withinTolerance": true}, nil
		}
		batches.Add(1)
		if broken.Load() && len(p["Items"].([]any)) == 100 {
			return nil, &Error{Name: "BatchFailed", Cause: "wrong recipe"}
		}
		return map[string]any{"done": 1, "remaining": []any{}}, nil
	})
	broken.Store(true)
	m := resize(t)
	_, err := m.Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || e.Name != errorToleranceLimit {
		t.Fatalf("Run = %v, want %s", err, errorToleranceLimit)
	}
	at, err := m.Unfinished(x.Journal)
	if err != nil || len(at) != 1 || at[0].State != "ResizeListing" || at[0].Iteration[0] != 1 {
		t.Errorf("Unfinished = %+v, %v, want ResizeListing in the second iteration", at, err)
	}
	run := events.mapRun(t)
	broken.Store(false)
	batches.Store(0)
	if _, err := m.Redrive(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if want := 11 - run.Executions.Succeeded; batches.Load() != want || plans.Load() != 1 {
		t.Errorf("%d batches and %d plans were made, want %d and 1", batches.Load(), plans.Load(), want)
	}
	if events.count(MapRunStarted) != 2 || events.count(MapRunRedriven) != 1 {
		t.Errorf("%d Map Runs started, %d redriven, want 2 and 1", events.count(MapRunStarted), events.count(MapRunRedriven))
	}
	if last := events.mapRun(t); last.ARN != run.ARN || last.Items.Succeeded != 1006 {
		t.Errorf("Map Run = %+v, want %s with 1006 items", last, run.ARN)
	}
	if len(reported) != 2 || reported[1].(map[string]any)["MapRunArn"] != run.ARN || reported[0].(map[string]any)["MapRunArn"] == run.ARN {
		t.Errorf("Report was told of %v, want of both Map Runs in their order", reported)
	}
}
