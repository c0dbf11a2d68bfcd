package engine_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/statemachine/asl"
)

// TestRun_whose_plan_is_gone did something, and must not look like one that did nothing.
func TestRun_whose_plan_is_gone(t *testing.T) {
	out := t.TempDir()
	config := engine.Config{Source: album(t, 10), Destination: out, State: filepath.Join(out, ".mapfleet"), Functions: maps.Clone(built)}
	e, err := engine.Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	plan := filepath.Join(config.State, storage.Work, filepath.FromSlash(job.ReportKey("run", "plan.json")))
	o, err := e.Run(t.Context(), "run", json.RawMessage(w8), func(event asl.Event) {
		if event.Kind == asl.ChildSucceeded {
			_ = os.Remove(plan)
		}
	})
	if o.Status != "FAILED" || o.Summary != nil || err == nil || !strings.Contains(err.Error(), plan) {
		t.Errorf("%s, %v, want FAILED and an error that names %s", o.Status, err, plan)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}
