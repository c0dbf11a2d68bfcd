package asl

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// resize is the real file with its placeholders filled in.
func resize(t testing.TB) *Machine {
	t.Helper()
	data, err := os.ReadFile("../resize.asl.json")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, name := range []string{"Prepare", "Resize", "Report"} {
		text = strings.ReplaceAll(text, "${"+name+"Function}", name)
	}
	return parse(t, text)
}

// prepared is what Prepare answers: a listing and a manifest.
var prepared = map[string]any{
	"run": "run-1", "dryRun": false, "job": map[string]any{"recipe": "r"},
	"limits":  map[string]any{"batchSize": 100, "mapRuns": 2, "maxConcurrency": 8, "toleratedFailurePercentage": 5, "maxItems": 100_000_000},
	"results": map[string]any{"bucket": "out", "prefix": "runs/run-1"},
	"shards": []any{
		map[string]any{"kind": "listing", "bucket": "in", "prefix": "p/"},
		map[string]any{"kind": "manifest", "bucket": "in", "key": "manifest.jsonl"},
	},
}

func TestResize_from_end_to_end(t *testing.T) {
	var listed, rounds atomic.Int64
	x := execution1(`{}`)
	s := filled(1006)
	s.objects["in/manifest.jsonl"] = []byte("{\"Key\":\"a\"}\n{\"Key\":\"b\"}\n")
	x.Objects = s
	x.Tasks = tasks(func(_ context.Context, function string, payload any) (any, error) {
		p := payload.(map[string]any)
		switch function {
		case "Prepare":
			return prepared, nil
		case "Report":
			return map[string]any{"balanced": true, "withinTolerance": true, "mapRuns": p["mapRuns"]}, nil
		}
		items := p["Items"].([]any)
		if _, again := p["Earlier"]; !again && len(items) == 100 { // had no time for the last
			rounds.Add(1)
			return map[string]any{"done": 99, "remaining": items[99:]}, nil
		}
		listed.Add(int64(len(items)))
		return map[string]any{"done": len(items), "remaining": []any{}}, nil
	})
	output, err := resize(t).Run(t.Context(), x)
	if err != nil {
		t.Fatal(err)
	}
	if listed.Load()+99*rounds.Load() != 1008 || rounds.Load() != 10 {
		t.Errorf("%d items after %d second rounds, want 1008 after 10", listed.Load()+99*rounds.Load(), rounds.Load())
	}
	if runs := output.(map[string]any)["mapRuns"].([]any); len(runs) != 2 {
		t.Errorf("output = %s, want two Map Runs", asJSON(output))
	}
}

func TestResize_judges(t *testing.T) {
	x := execution1(`{}`)
	x.Objects = filled(0)
	x.Tasks = tasks(func(_ context.Context, function string, _ any) (any, error) {
		if function == "Prepare" {
			return map[string]any{"run": "r", "dryRun": false, "job": nil, "limits": prepared["limits"], "results": nil, "shards": []any{}}, nil
		}
		return map[string]any{"balanced": true, "withinTolerance": false, "message": "see the report"}, nil
	})
	_, err := resize(t).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || *e != (Error{Name: "TooManyFailures", Cause: "see the report"}) {
		t.Errorf("Run = %v, want TooManyFailures with the message", err)
	}
}

// TestResize_takes_no_more_than_maxItems of a listing and of a manifest alike: the limit is that of a Map
// Run.
func TestResize_takes_no_more_than_maxItems(t *testing.T) {
	for i, shard := range prepared["shards"].([]any) {
		var taken atomic.Int64
		x := execution1(`{}`)
		s := filled(1006)
		s.objects["in/manifest.jsonl"] = []byte(strings.Repeat("{\"Key\":\"a\"}\n", 1006))
		x.Objects = s
		x.Tasks = tasks(func(_ context.Context, function string, payload any) (any, error) {
			switch function {
			case "Prepare":
				plan := maps.Clone(prepared)
				plan["shards"] = []any{shard}
				plan["limits"] = map[string]any{"batchSize": 100, "mapRuns": 1, "maxConcurrency": 8, "toleratedFailurePercentage": 5, "maxItems": 250}
				return plan, nil
			case "Report":
				return map[string]any{"balanced": true, "withinTolerance": true}, nil
			}
			taken.Add(int64(len(payload.(map[string]any)["Items"].([]any))))
			return map[string]any{"done": 1, "remaining": []any{}}, nil
		})
		if _, err := resize(t).Run(t.Context(), x); err != nil || taken.Load() != 250 {
			t.Errorf("shard %d: %d items, %v, want 250", i, taken.Load(), err)
		}
	}
}

// TestResize_dry_run ends behind Prepare: no worker, no report.
func TestResize_dry_run(t *testing.T) {
	x := execution1(`{"dryRun":true}`)
	x.Tasks = tasks(func(_ context.Context, function string, _ any) (any, error) {
		if function != "Prepare" {
			t.Errorf("%s was called", function)
		}
		plan := maps.Clone(prepared)
		plan["dryRun"], plan["estimate"] = true, map[string]any{"usd": 1.5}
		return plan, nil
	})
	output, err := resize(t).Run(t.Context(), x)
	if err != nil || asJSON(output) != `{"usd":1.5}` {
		t.Errorf("Run = %s, %v, want the estimate", asJSON(output), err)
	}
}

// TestRun_many_at_once shares one Machine; the race detector watches.
func TestRun_many_at_once(t *testing.T) {
	m := resize(t)
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			x := execution1(`{}`)
			x.Objects = filled(300)
			x.Tasks = tasks(func(_ context.Context, function string, _ any) (any, error) {
				if function == "Prepare" {
					return map[string]any{"run": "r", "dryRun": false, "job": prepared["job"], "limits": prepared["limits"],
						"results": prepared["results"], "shards": prepared["shards"].([]any)[:1]}, nil
				}
				return map[string]any{"done": 1, "remaining": []any{}, "balanced": true, "withinTolerance": true}, nil
			})
			if _, err := m.Run(t.Context(), x); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
}
