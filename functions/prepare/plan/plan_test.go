package plan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// planner plans over objects for one deployment.
func planner(objects ...string) (*Planner, *fakeS3) {
	store := &fakeS3{objects: map[string]string{}, faults: map[string]error{}}
	for _, at := range objects {
		store.objects[at] = "x"
	}
	return &Planner{Store: store, Deployment: job.Deployment{
		SourceBucket: "photos", SourcePrefix: "in/", DestinationBucket: "thumbs", DestinationPrefix: "out/", WorkBucket: "work",
		Recipe:           []job.Variant{{Name: "w64", Width: 64, Fit: job.FitInside, Format: job.FormatSame, Quality: 80, Key: job.DefaultKey}},
		DefaultBatchSize: 100, MaxBatchSize: 1000, DefaultMaxConcurrency: 50, MaxMaxConcurrency: 500, ToleratedFailurePercentage: 5,
		WorkerMemory: 1769, WorkerArchitecture: job.ARM64,
	}}, store
}

var begun = time.Date(2026, 11, 2, 3, 4, 5, 0, time.UTC)

func start(input string) job.Start {
	return job.Start{Input: []byte(input), Execution: "arn:x", Run: "nightly", Started: begun}
}

// ran plans an earlier run, of which plan.json is left.
func ran(t *testing.T, p *Planner, run, input string) {
	t.Helper()
	earlier := start(input)
	earlier.Run = run
	if _, err := p.Plan(t.Context(), earlier); err != nil {
		t.Fatal(err)
	}
}

func TestPlanOfNothingAsked(t *testing.T) {
	p, store := planner("photos/in/a.jpg", "photos/other.jpg")
	got, err := p.Plan(t.Context(), start(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	want := job.Plan{
		Run: "nightly", Execution: "arn:x", Started: begun,
		Job: job.Job{
			Run:         "nightly",
			Source:      job.Location{Bucket: "photos", Prefix: "in/"},
			Destination: job.Location{Bucket: "thumbs", Prefix: "out/"},
			Work:        job.Location{Bucket: "work", Prefix: "work/nightly/"},
			Variants:    p.Deployment.Recipe, Overwrite: job.OverwriteStale, Fresh: true, SampleEvery: 1,
		},
		Shards:  []job.Shard{{Kind: job.ShardListing, Bucket: "photos", Prefix: "in/"}},
		Limits:  job.Limits{BatchSize: 1, MapRuns: 1, MaxConcurrency: 50, ToleratedFailurePercentage: 5, MaxItems: job.MaxMapRunItems},
		Results: job.Location{Bucket: "work", Prefix: "work/nightly/results"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the plan differs (-want +got):\n%s", diff)
	}
	var kept job.Plan
	if err := json.Unmarshal([]byte(store.objects["work/reports/nightly/plan.json"]), &kept); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, kept); diff != "" {
		t.Errorf("plan.json differs (-want +got):\n%s", diff)
	}
}

func TestPlanFollowsTheInput(t *testing.T) {
	p, _ := planner("photos/in/2026/a.jpg", "thumbs/out/w64/a.jpg")
	got, err := p.Plan(t.Context(), start(`{"prefix":"in/2026/","filter":{"minBytes":1},"overwrite":"never","batchSize":7,"maxConcurrency":8,
		"toleratedFailurePercentage":9,"variants":[{"name":"s","width":1}],"comment":"by hand"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got.Job.Fresh {
		t.Error("the run is fresh, and there is an output already")
	}
	if want := (job.Limits{BatchSize: 7, MapRuns: 1, MaxConcurrency: 8, ToleratedFailurePercentage: 9, MaxItems: job.MaxMapRunItems}); got.Limits != want {
		t.Errorf("limits = %+v, want %+v", got.Limits, want)
	}
	if s := got.Shards[0]; s.Prefix != "in/2026/" || got.Job.Source.Prefix != "in/" {
		t.Errorf("the listing goes over %q, keys start below %q, want in/2026/ and in/", s.Prefix, got.Job.Source.Prefix)
	}
	if got.Comment != "by hand" || got.Job.Overwrite != job.OverwriteNever || got.Job.Filter.MinBytes != 1 || got.Job.Variants[0].Name != "s" {
		t.Errorf("plan = %+v", got)
	}
}

func TestFresh(t *testing.T) {
	for _, c := range []struct {
		name, destination string
		want              bool
	}{
		{"an output is there", "thumbs/out/w64/a.jpg", false},
		{"something beside the outputs", "thumbs/elsewhere.jpg", true},
		{"another bucket", "other/out/w64/a.jpg", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := planner("photos/in/a.jpg", c.destination)
			got, err := p.Plan(t.Context(), start(`{}`))
			if err != nil || got.Job.Fresh != c.want {
				t.Errorf("fresh = %v, %v, want %v", got.Job.Fresh, err, c.want)
			}
		})
	}
}

func TestSampleEvery(t *testing.T) {
	for objects, want := range map[int]int{1: 1, 12: 1, 24: 2, 600: 50, 5000: 83} {
		p, store := planner()
		for i := range objects {
			store.objects[fmt.Sprintf("photos/in/%d.jpg", i)] = ""
		}
		got, err := p.Plan(t.Context(), start(`{}`))
		if err != nil || got.Job.SampleEvery != want {
			t.Errorf("of %d objects one in %d leaves a sample (%v), want %d", objects, got.Job.SampleEvery, err, want)
		}
	}
}

func TestNothingToDoStartsNoMapRun(t *testing.T) {
	for name, input := range map[string]string{
		"an empty listing": `{}`, "a prefix without objects": `{"prefix":"in/none/"}`,
		"an empty manifest": `{"manifest":"s3://work/empty.jsonl"}`, "a manifest of blank lines": `{"manifest":"s3://work/blank.jsonl"}`,
		"a run without failures": `{"retryFailuresOf":"clean"}`,
	} {
		t.Run(name, func(t *testing.T) {
			p, store := planner("photos/outside.jpg")
			ran(t, p, "clean", `{}`)
			store.objects["work/empty.jsonl"], store.objects["work/blank.jsonl"], store.objects["work/reports/clean/failures.jsonl"] = "", "\n\r\n  \n", ""
			got, err := p.Plan(t.Context(), start(input))
			if err != nil {
				t.Fatal(err)
			}
			if got.Shards == nil || len(got.Shards) != 0 {
				t.Errorf("shards = %#v, want none, and not nil", got.Shards)
			}
			if data, _ := json.Marshal(got); !strings.Contains(string(data), `"shards":[]`) {
				t.Errorf("plan = %s, want an empty list of shards", data)
			}
			if _, written := store.objects["work/work/nightly/items.jsonl"]; written {
				t.Error("a manifest was written of nothing")
			}
			if !strings.Contains(store.objects["work/reports/nightly/plan.json"], `"shards": []`) {
				t.Error("plan.json tells of shards, or is not there")
			}
		})
	}
	t.Run("an empty page is not an empty bucket", func(t *testing.T) {
		p, store := planner()
		store.truncated = true
		if got, err := p.Plan(t.Context(), start(`{}`)); err != nil || len(got.Shards) != 1 {
			t.Errorf("shards = %v, %v, want the listing", got.Shards, err)
		}
	})
}

func TestPlanFails(t *testing.T) {
	for _, c := range []struct {
		name, input, call string
		fault             error
		want              error // of this type
		says              string
	}{
		{"invalid input", `{"batchSize":0}`, "", nil, job.InvalidInput{}, "batchSize: given 0"},
		{"no input", ``, "", nil, job.InvalidInput{}, "the run input: given nothing"},
		{"no source bucket", `{}`, "LIST photos/in/", answer(404, "NoSuchBucket"), job.SourceMissing{}, "there is no bucket photos"},
		{"no destination bucket", `{}`, "LIST thumbs/out/", answer(404, "NoSuchBucket"), job.DestinationMissing{}, "there is no bucket thumbs"},
		{"no work bucket", `{}`, "PUT work/reports/nightly/plan.json", answer(404, "NoSuchBucket"), job.DestinationMissing{}, "there is no bucket work"},
		{"no work bucket for the manifest", `{"keys":["in/a"]}`, "PUT work/work/nightly/items.jsonl", answer(404, "NoSuchBucket"), job.DestinationMissing{}, "there is no bucket work"},
		{"no bucket of the manifest", `{"manifest":"s3://work/m.jsonl"}`, "GET work/m.jsonl", answer(404, "NoSuchBucket"), job.SourceMissing{}, "there is no bucket work"},
		{"no manifest", `{"manifest":"s3://photos/m.jsonl"}`, "", nil, job.SourceMissing{}, "s3://photos/m.jsonl"},
		{"an archived manifest", `{"manifest":"s3://photos/m.jsonl"}`, "GET photos/m.jsonl", answer(403, "InvalidObjectState"), job.SourceMissing{}, "restored"},
		{"no such earlier run", `{"retryFailuresOf":"yesterday"}`, "", nil, job.SourceMissing{}, `no run "yesterday" has left failures to run again: GetObject s3://work/reports/yesterday/failures.jsonl`},
		{"source denied", `{}`, "LIST photos/in/", answer(403, "AccessDenied"), job.AccessDenied{}, "s3:ListBucket"},
		{"destination denied", `{}`, "LIST thumbs/out/", answer(403, "AccessDenied"), job.AccessDenied{}, "s3:ListBucket"},
		{"manifest denied", `{"manifest":"s3://work/m.jsonl"}`, "GET work/m.jsonl", answer(403, "AccessDenied"), job.AccessDenied{}, "s3:GetObject"},
		{"report denied", `{}`, "PUT work/reports/nightly/plan.json", answer(403, "AccessDenied"), job.AccessDenied{}, "s3:PutObject"},
		{"items denied", `{"keys":["in/a"]}`, "PUT work/work/nightly/items.jsonl", answer(403, "AccessDenied"), job.AccessDenied{}, "s3:PutObject"},
		{"source throttled", `{}`, "LIST photos/in/", answer(503, "SlowDown"), job.Throttled{}, "SlowDown"},
		{"destination throttled", `{}`, "LIST thumbs/out/", answer(503, "SlowDown"), job.Throttled{}, "SlowDown"},
		{"report throttled", `{}`, "PUT work/reports/nightly/plan.json", answer(503, "SlowDown"), job.Throttled{}, "SlowDown"},
		{"S3 is down", `{}`, "LIST photos/in/", answer(500, "InternalError"), job.Unavailable{}, "InternalError"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner("photos/in/a.jpg")
			store.faults[c.call] = c.fault
			got, err := p.Plan(t.Context(), start(c.input))
			if reflect.TypeOf(err) != reflect.TypeOf(c.want) {
				t.Fatalf("Plan(%s) = %T %v, want a bare %T", c.input, err, err, c.want)
			}
			if !strings.Contains(err.Error(), c.says) {
				t.Errorf("Plan(%s): %q, want it to say %q", c.input, err, c.says)
			}
			if diff := cmp.Diff(job.Plan{}, got); diff != "" {
				t.Errorf("Plan(%s) gives a plan beside its error:\n%s", c.input, diff)
			}
		})
	}
}

func TestPlanRefusesARunNameThatCannotStandInAKey(t *testing.T) {
	p, store := planner("photos/in/a.jpg")
	s := start(`{}`)
	s.Run = "../../x"
	_, err := p.Plan(t.Context(), s)
	if e, ok := err.(job.InvalidInput); !ok || e.Error() != `the execution's name: given "../../x"; allowed: 1 to 80 letters, digits, - and _` {
		t.Errorf("Plan of run %q: %T %v", s.Run, err, err)
	}
	if len(store.objects) != 1 {
		t.Errorf("it wrote: %v", store.objects)
	}
}

func TestPlanOfACancelledRun(t *testing.T) {
	p, store := planner()
	store.faults["LIST thumbs/out/"] = context.Canceled
	if _, err := p.Plan(t.Context(), start(`{}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("Plan = %v, want the context's error", err)
	}
}

// TestBatchesOfALongListingAreFull: its first page says nothing of how much there is.
func TestBatchesOfALongListingAreFull(t *testing.T) {
	for _, c := range []struct {
		name, input string
		truncated   bool
		want        int
	}{
		{"few objects are shared", `{}`, false, 2},
		{"a page of many", `{}`, true, 100},
		{"as the caller says", `{"batchSize":7}`, false, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner()
			for i := range 100 {
				store.objects[fmt.Sprintf("photos/in/%d.jpg", i)] = ""
			}
			store.truncated = c.truncated
			got, err := p.Plan(t.Context(), start(c.input))
			if err != nil || got.Limits.BatchSize != c.want {
				t.Errorf("batches of %d, %v, want %d", got.Limits.BatchSize, err, c.want)
			}
		})
	}
}

func TestShared(t *testing.T) {
	for _, c := range []struct{ items, workers, most, want int }{
		{0, 2, 20, 1}, {1, 50, 100, 1}, {6, 2, 20, 3}, {7, 2, 20, 4}, {80, 2, 20, 20}, {1000, 50, 100, 20}, {1000, 5, 100, 100},
	} {
		if got := shared(c.items, c.workers, c.most); got != c.want {
			t.Errorf("shared(%d items, %d workers, at most %d) = %d, want %d", c.items, c.workers, c.most, got, c.want)
		}
	}
}
