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
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	event := job.Start{Run: "nightly"}
	for _, c := range []struct {
		result job.Plan
		err    error
		want   string
	}{
		{job.Plan{
			Shards: []job.Shard{{Kind: job.ShardManifest, Items: 30}, {Kind: job.ShardManifest, Items: 12}}, LeftOut: map[string]int{job.LeftRepeated: 3},
			Limits:   job.Limits{BatchSize: 10, MapRuns: 2, MaxConcurrency: 4},
			Estimate: &job.Estimate{Complete: true, Items: 42, ToWrite: 40, Seconds: 9, USD: 0.25},
		}, nil, `{"level":"INFO","msg":"plan","run":"nightly","shards":2,"items":42,"leftOut":{"Repeated":3},"batchSize":10,"mapRuns":2,"maxConcurrency":4,"dryRun":false,
			"estimate":{"complete":true,"items":42,"toWrite":40,"seconds":9,"usd":0.25}}`},
		{job.Plan{Shards: []job.Shard{{Kind: job.ShardListing}}, Limits: job.Limits{BatchSize: 100, MapRuns: 1, MaxConcurrency: 8}}, nil,
			`{"level":"INFO","msg":"plan","run":"nightly","shards":1,"batchSize":100,"mapRuns":1,"maxConcurrency":8,"dryRun":false}`},
		{job.Plan{}, job.SourceMissing{Message: "no bucket photos"}, `{"level":"ERROR","msg":"plan","run":"nightly","error":"no bucket photos"}`},
	} {
		var out bytes.Buffer
		_, err := logged(&out).Handler(func(context.Context, job.Start) (job.Plan, error) { return c.result, c.err })(t.Context(), event)
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
