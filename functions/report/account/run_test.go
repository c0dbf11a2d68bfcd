package account

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
)

var (
	begun = time.Date(2026, 11, 21, 1, 23, 45, 0, time.UTC)
	over  = begun.Add(8400 * time.Millisecond)
)

// run is a run in a fake S3, whose result files tests fill.
type run struct {
	s3   *fakeS3
	plan job.Plan
	maps int
}

func newRun(items int) *run {
	return &run{
		s3: &fakeS3{objects: map[string]string{}, faults: map[string]error{}, streams: map[string]func() io.Reader{}},
		plan: job.Plan{
			Run:       "nightly",
			Execution: "arn:aws:states:eu-west-1:123456789012:execution:Resize:nightly",
			Started:   begun,
			Job: job.Job{
				Run:         "nightly",
				Source:      job.Location{Bucket: "photos", Prefix: "in/"},
				Destination: job.Location{Bucket: "thumbs"},
				Work:        job.Location{Bucket: "work"},
				Variants:    []job.Variant{{Name: "thumb", Width: 256, Height: 256, Fit: job.FitInside, Format: job.FormatSame, Quality: 80, Key: job.DefaultKey}},
				Overwrite:   job.OverwriteStale,
			},
			Shards:  []job.Shard{{Kind: job.ShardManifest, Bucket: "work", Key: "work/nightly/manifest.jsonl", Items: items}},
			Limits:  job.Limits{BatchSize: 10, MaxConcurrency: 40, ToleratedFailurePercentage: 5},
			Results: job.Location{Bucket: "work", Prefix: "work/nightly/results"},
		},
	}
}

// files are the contents of a Map Run's result files by name: SUCCEEDED_0.jsonl and so on.
type files map[string]string

// mapRun stores the result files of one more Map Run.
func (r *run) mapRun(contents files) {
	folder := fmt.Sprintf("work/nightly/results/run-%d/", r.maps)
	r.maps++
	m := map[string][]map[string]any{"SUCCEEDED": {}, "FAILED": {}, "PENDING": {}}
	for name, content := range contents {
		kind, _, _ := strings.Cut(name, "_")
		m[kind] = append(m[kind], map[string]any{"Key": folder + name, "Size": len(content)})
		r.s3.objects["work/"+folder+name] = content
	}
	r.s3.putJSON("work/"+folder+"manifest.json", map[string]any{"DestinationBucket": "work", "MapRunArn": "arn", "ResultFiles": m})
}

// report runs the handler on event, or on what the state machine would send.
func (r *run) report(t *testing.T, event string) (job.Summary, error) {
	t.Helper()
	r.s3.putJSON("work/reports/nightly/plan.json", r.plan)
	if event == "" {
		ended := job.Ended{Run: "nightly", MapRuns: make([]job.MapRunResult, r.maps)}
		for i := range r.maps {
			ended.MapRuns[i].ResultWriterDetails.Bucket = "work"
			ended.MapRuns[i].ResultWriterDetails.Key = fmt.Sprintf("work/nightly/results/run-%d/manifest.json", i)
		}
		event = line(ended)
	}
	reporter := Reporter{S3: r.s3, WorkBucket: "work", Now: func() time.Time { return over }}
	return reporter.Handle(t.Context(), json.RawMessage(event))
}

// mustReport is report for runs whose report must be written.
func (r *run) mustReport(t *testing.T, event string) job.Summary {
	t.Helper()
	s, err := r.report(t, event)
	if err != nil {
		t.Fatalf("Handle(%s): %v", event, err)
	}
	return s
}

func (r *run) html() string     { return r.s3.objects["work/reports/nightly/report.html"] }
func (r *run) failures() string { return r.s3.objects["work/reports/nightly/failures.jsonl"] }

// line is v as a line of JSON.
func line(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data) + "\n"
}

// written is the result of a batch that wrote n pictures.
func written(n int) job.Result {
	return job.Result{Done: job.Tally{
		Listed: n, Written: n, Outputs: n, BytesIn: 1000 * int64(n), BytesOut: 100 * int64(n),
		Milliseconds: map[string]int64{"fetch": 3, "decode": 20, "resize": 10, "encode": 7, "put": 2},
		Started:      begun.Add(time.Second), Finished: begun.Add(3 * time.Second), Rounds: 1,
	}, Remaining: []job.Item{}}
}

// child is a full record of a child execution over the given keys.
func child(status, code, cause string, keys ...string) map[string]string {
	batch := job.Batch{Items: []job.Item{}}
	for _, key := range keys {
		batch.Items = append(batch.Items, job.Item{Key: key, Size: 1})
	}
	return map[string]string{
		"ExecutionArn": "arn:child", "Name": "child-1", "Status": status, "Error": code, "Cause": cause,
		"Input": strings.TrimSpace(line(batch)), "StartDate": "2026-11-21T01:23:46.000Z", "StopDate": "2026-11-21T01:23:47.500Z",
	}
}

// lambdaCause is how Lambda tells of an error.
func lambdaCause(message, kind string) string {
	return line(map[string]string{"errorMessage": message, "errorType": kind})
}
