package asl

import (
	"context"
	"errors"
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
	"run": "run-1", "job": map[string]any{"recipe": "r"},
	"limits":  map[string]any{"batchSize": 100, "maxConcurrency": 8, "toleratedFailurePercentage": 5},
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
			return map[string]any{"run": "r", "job": nil, "limits": nil, "results": nil, "shards": []any{}}, nil
		}
		return map[string]any{"balanced": true, "withinTolerance": false, "message": "see the report"}, nil
	})
	_, err := resize(t).Run(t.Context(), x)
	if e, _ := errors.AsType[*Error](err); e == nil || *e != (Error{Name: "TooManyFailures", Cause: "see the report"}) {
		t.Errorf("Run = %v, want TooManyFailures with the message", err)
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
					return map[string]any{"run": "r", "job": prepared["job"], "limits": prepared["limits"],
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
