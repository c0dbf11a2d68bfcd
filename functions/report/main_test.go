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
		var out bytes.Buffer
		_, err := logged(&out).Handler(func(context.Context, json.RawMessage) (job.Summary, error) { return c.result, c.err })(t.Context(), event)
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
