package main

import (
	"encoding/json"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/telemetry/logtest"
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
	event := json.RawMessage(`{"detail":{"name":"nightly","status":"FAILED"}}`)
	for _, c := range []struct {
		result job.Summary
		err    error
		want   string
	}{
		{job.Summary{
			Status: "FAILED", Seconds: 8.4, Listed: 10, Written: 4, Current: 3, Ignored: 1, Failed: 2, NotStarted: 5, Batches: 2, FailedBy: map[string]int{"Gone": 2}, Balanced: true,
			Report: "s3://work/reports/nightly/report.html",
		}, nil, `{"level":"INFO","msg":"report","run":"nightly","status":"FAILED","seconds":8.4,"listed":10,"written":4,"current":3,"ignored":1,"failed":2,"notStarted":5,
			"batches":2,"failedBy":{"Gone":2},"balanced":true,"withinTolerance":false,"report":"s3://work/reports/nightly/report.html"}`},
		{job.Summary{}, job.AccessDenied{Message: "PutObject: denied"}, `{"level":"ERROR","msg":"report","run":"nightly","error":"PutObject: denied"}`},
	} {
		logtest.Says(t, logged, event, c.result, c.err, c.want)
	}
}
