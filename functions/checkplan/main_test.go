package main

import (
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry/logtest"
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
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
		logtest.Says(t, logged, event, c.result, c.err, c.want)
	}
}
