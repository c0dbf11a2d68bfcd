package main

import (
	"encoding/json"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry/logtest"
)

// TestLogSays what came of a run, by its name, or why nothing did.
func TestLogSays(t *testing.T) {
	event := json.RawMessage(`{"run":"minutely"}`)
	for _, c := range []struct {
		result checks.Summary
		err    error
		want   string
	}{
		{checks.Summary{
			Status: "SUCCEEDED", Seconds: 2.5, Lines: 9, OK: 5, Failing: 2, Bad: 1, NotDone: 1, Batches: 3, ByCode: map[checks.Code]int{checks.OK: 5}, Balanced: true,
			Alert: checks.Alert{New: 2, Recovered: 1, Message: "https://example.com/?token=secret is down"}, Report: "s3://work/r.html",
		}, nil, `{"level":"INFO","msg":"report","run":"minutely","status":"SUCCEEDED","seconds":2.5,"lines":9,"ok":5,"failing":2,"bad":1,"notDone":1,"batches":3,
			"byCode":{"OK":5},"newlyFailing":2,"recovered":1,"balanced":true,"report":"s3://work/r.html"}`},
		{checks.Summary{}, job.Throttled{Message: "slow down"}, `{"level":"ERROR","msg":"report","run":"minutely","error":"slow down"}`},
	} {
		logtest.Says(t, logged, event, c.result, c.err, c.want)
	}
}
