package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	event := job.Start{Run: "minutely"}
	for _, c := range []struct {
		result checks.Plan
		err    error
		want   string
	}{
		{checks.Plan{File: "s3://work/checks/a.csv", Lines: 9, Bad: 1, Limits: checks.Limits{BatchSize: 3, MaxConcurrency: 2}}, nil,
			`{"level":"INFO","msg":"plan","run":"minutely","file":"s3://work/checks/a.csv","lines":9,"bad":1,"batchSize":3,"maxConcurrency":2}`},
		{checks.Plan{File: "s3://work/checks/a.csv", Skip: "run earlier is still at work"}, nil,
			`{"level":"INFO","msg":"plan","run":"minutely","file":"s3://work/checks/a.csv","skip":"run earlier is still at work"}`},
		{checks.Plan{}, job.SourceMissing{Message: "no file"}, `{"level":"ERROR","msg":"plan","run":"minutely","error":"no file"}`},
	} {
		var out bytes.Buffer
		_, err := logged(&out).Handler(func(context.Context, job.Start) (checks.Plan, error) { return c.result, c.err })(t.Context(), event)
		if err != c.err {
			t.Errorf("Handler returns %v, want %v as it is", err, c.err)
		}
		var got, want map[string]any
		if err := errors.Join(json.Unmarshal(out.Bytes(), &got), json.Unmarshal([]byte(c.want), &want)); err != nil {
			t.Fatalf("one line is no JSON: %v\n%s", err, out.String())
		}
		delete(got, "time")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("line (-want +got):\n%s", diff)
		}
	}
}
