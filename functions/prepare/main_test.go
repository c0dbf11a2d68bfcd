package main

import (
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/telemetry/logtest"
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
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
		logtest.Says(t, logged, event, c.result, c.err, c.want)
	}
}
