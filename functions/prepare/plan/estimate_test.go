package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"mapfleet/functions/job"
)

// gallery fills the source with n objects of the kinds that a survey tells apart.
func gallery(n int) (*Planner, *fakeS3) {
	p, store := planner()
	store.classes = map[string]types.ObjectStorageClass{}
	for i := range n {
		at := fmt.Sprintf("photos/in/%d/%04d.jpg", i%3, i)
		switch {
		case i%10 == 7:
			at = strings.TrimSuffix(at, "jpg") + "png"
		case i%10 == 8:
			store.classes[at] = "GLACIER"
		case i%10 == 9:
			store.objects[at] = ""
			continue
		}
		store.objects[at] = strings.Repeat("x", 100)
	}
	return p, store
}

func TestDryRunCountsAndWritesNothingButItsEstimate(t *testing.T) {
	p, store := gallery(100)
	store.page = 7
	before := len(store.objects)
	got, err := p.Plan(t.Context(), start(`{"dryRun":true,"filter":{"suffixes":[".jpg"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &job.Estimate{
		Complete: true, Items: 100, Bytes: 9000, ToWrite: 70, BytesToRead: 7000, Outputs: 70,
		IgnoredBy: map[string]int{"Empty": 10, "Filtered": 10}, FailedBy: map[string]int{"Archived": 10},
		Batches: 50, MapRuns: 1, Prices: "us-east-1, November 2026",
	}
	if diff := cmp.Diff(want, got.Estimate, cmpopts.IgnoreFields(job.Estimate{}, "Seconds", "USD", "Lines", "Notes")); diff != "" {
		t.Errorf("estimate (-want +got):\n%s", diff)
	}
	var sum float64
	for _, line := range got.Estimate.Lines {
		sum += line.USD
		if off := line.Quantity*line.Price - line.USD; off > 1e-6 || off < -1e-6 {
			t.Errorf("%+v: it is not the product", line)
		}
	}
	if off := sum - got.Estimate.USD; off > 1e-6 || off < -1e-6 || got.Estimate.USD <= 0 || got.Estimate.Seconds <= 0 {
		t.Errorf("%v USD, %v s; the lines make %v", got.Estimate.USD, got.Estimate.Seconds, sum)
	}
	if !got.DryRun || len(store.objects) != before+1 {
		t.Errorf("dryRun %v, %d objects were written", got.DryRun, len(store.objects)-before)
	}
	var kept job.Plan
	if err := json.Unmarshal([]byte(store.objects["work/reports/nightly/estimate.json"]), &kept); err != nil || !cmp.Equal(kept, got) {
		t.Errorf("estimate.json: %v\n%s", err, cmp.Diff(got, kept))
	}
	if pages := store.listed["in/"]; pages != 15 {
		t.Errorf("the listing took %d pages, want 15", pages)
	}
}

// TestEstimatesOfAllSourcesAgree: the same hundred objects, listed, split, and named in manifests.
func TestEstimatesOfAllSourcesAgree(t *testing.T) {
	_, store := gallery(100)
	var csv strings.Builder
	csv.WriteString("key,size,etag,storageClass\n")
	var keys []string
	for at, content := range store.objects {
		key := strings.TrimPrefix(at, "photos/")
		csv.WriteString(fmt.Sprintf("%s,%d,e,%s\n", key, len(content), store.classes[at]))
		keys = append(keys, key)
	}
	slices.Sort(keys)
	quoted, _ := json.Marshal(keys)
	for name, input := range map[string]string{
		"listing": `{"dryRun":true}`, "shards": `{"dryRun":true,"shardBy":"/"}`,
		"manifest": `{"dryRun":true,"manifest":"s3://work/m.csv"}`, "failures": `{"dryRun":true,"retryFailuresOf":"r"}`,
		"keys": `{"dryRun":true,"keys":` + string(quoted) + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			p, store := gallery(100)
			store.page = 9
			store.objects["work/m.csv"] = csv.String()
			ran(t, p, "r", `{}`)
			store.objects["work/reports/r/failures.jsonl"] = `{"key":"` + strings.Join(keys, "\",\"code\":\"X\",\"message\":\"\"}\n{\"key\":\"") + `"}`
			before := len(store.objects)
			got, err := p.Plan(t.Context(), start(input))
			if err != nil {
				t.Fatal(err)
			}
			e := got.Estimate
			toWrite, unknown := 80, 0
			if name == "keys" || name == "failures" { // of which nothing is known but their names
				toWrite, unknown = 100, 100
			}
			if e.Items != 100 || e.ToWrite != toWrite || e.UnknownSizes != unknown || !e.Complete || e.Batches == 0 {
				t.Errorf("%d items, %d to write, %d of unknown size, complete %v; want 100, %d, %d", e.Items, e.ToWrite, e.UnknownSizes, e.Complete, toWrite, unknown)
			}
			if told := strings.Contains(strings.Join(e.Notes, " "), "100 objects of unknown size are taken for 2800000 bytes each"); told != (unknown > 0) {
				t.Errorf("notes: %q", e.Notes)
			}
			if len(store.objects) != before+1 || store.uploads != 0 {
				t.Errorf("%d objects were written beside the estimate", len(store.objects)-before-1)
			}
		})
	}
}

func TestMaxCost(t *testing.T) {
	for _, c := range []struct{ name, input, refused string }{
		{"a listing within it", `{"maxCostUSD":1}`, ""},
		{"a listing above it", `{"maxCostUSD":0.0001}`, "for all it would do (100 listed), more than maxCostUSD, $0.0001: raise it, or narrow the run by prefix, filter or maxItems; dryRun shows every line"},
		{"shards above it", `{"maxCostUSD":0.0001,"shardBy":"/"}`, "(100 listed)"},
		{"a manifest within it", `{"maxCostUSD":1,"manifest":"s3://work/m.jsonl"}`, ""},
		{"a manifest above it", `{"maxCostUSD":0.0001,"manifest":"s3://work/m.jsonl"}`, "(2 listed)"},
		{"keys above it", `{"maxCostUSD":0.0001,"keys":["in/a","in/b","in/c"]}`, "(3 listed)"},
		{"failures above it", `{"maxCostUSD":0.0001,"retryFailuresOf":"r"}`, "(1 listed)"},
		{"a dry run above it", `{"maxCostUSD":0.0001,"dryRun":true}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := gallery(100)
			ran(t, p, "r", `{}`)
			store.objects["work/m.jsonl"], store.objects["work/reports/r/failures.jsonl"] = "\"in/a\"\n\"in/b\"\n", `{"key":"in/a","code":"X"}`
			before := len(store.objects)
			got, err := p.Plan(t.Context(), start(c.input))
			if c.refused == "" {
				if err != nil || got.Estimate == nil || len(got.Shards) == 0 {
					t.Fatalf("%v, estimate %+v", err, got.Estimate)
				}
				if told := strings.Contains(strings.Join(got.Estimate.Notes, " "), "This is more than maxCostUSD, $0.0001: the run would not start."); told != strings.Contains(c.input, "dryRun") {
					t.Errorf("notes: %q", got.Estimate.Notes)
				}
				return
			}
			if _, bare := err.(job.TooExpensive); !bare || !strings.HasPrefix(err.Error(), "the run is estimated to cost $0.") || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%T %v, want a bare TooExpensive that says %q", err, err, c.refused)
			}
			if len(store.objects) != before || store.uploads != 0 {
				t.Errorf("%d objects were written", len(store.objects)-before)
			}
		})
	}
}

// TestCountEndsBeforeTheDeadline: what could not be counted is said, never guessed.
func TestCountEndsBeforeTheDeadline(t *testing.T) {
	p, store := gallery(100)
	store.page = 10
	ctx, cancel := context.WithTimeout(t.Context(), reserve-time.Second)
	defer cancel()
	got, err := p.Plan(ctx, start(`{"dryRun":true}`))
	if err != nil {
		t.Fatal(err)
	}
	if got.Estimate.Complete || got.Estimate.Items != 10 || !strings.HasPrefix(got.Estimate.Notes[0], "The time for counting ended after 10 objects: all figures are of these, and there are more. An S3 Inventory") {
		t.Errorf("estimate %+v", got.Estimate)
	}
	if got.Limits.BatchSize != 100 {
		t.Errorf("batches of %d, want full ones: there are more objects than were counted", got.Limits.BatchSize)
	}
	for limit, says := range map[string]string{
		"1":      "the run cannot be held to maxCostUSD, $1.00: the first 10 of its items are estimated to cost $0.",
		"0.0001": "for the first 10 of its items alone, more than maxCostUSD, $0.0001",
	} {
		_, err := p.Plan(ctx, start(`{"maxCostUSD":`+limit+`}`))
		if _, bare := err.(job.TooExpensive); !bare || !strings.Contains(err.Error(), says) {
			t.Errorf("at most %s: %T %v, want a TooExpensive that says %q", limit, err, err, says)
		}
	}
	if got, err := p.Plan(ctx, start(`{"dryRun":true,"maxItems":10}`)); err != nil || got.Estimate.Items != 10 || !got.Estimate.Complete {
		t.Errorf("the first ten: %+v, %v", got.Estimate, err)
	}
	store.objects["work/m.jsonl"] = "\"in/a\"\n"
	_, err = p.Plan(ctx, start(`{"manifest":"s3://work/m.jsonl"}`))
	if invalid, _ := err.(job.InvalidInput); len(invalid.Problems) != 1 || !strings.Contains(err.Error(), "s3://work/m.jsonl: given more than 0 items; allowed: as many items as can be read in the quarter of an hour") {
		t.Errorf("a manifest for which there is no time: %T %v", err, err)
	}
}

func TestCountStopsAtMaxItems(t *testing.T) {
	p, store := gallery(100)
	store.page = 10
	got, err := p.Plan(t.Context(), start(`{"dryRun":true,"maxItems":25}`))
	if err != nil || got.Estimate.Items != 25 || !got.Estimate.Complete || got.Limits.MaxItems != 25 {
		t.Errorf("estimate %+v, %v, want 25 items", got.Estimate, err)
	}
	if pages := store.listed["in/"]; pages != 3 {
		t.Errorf("the listing took %d pages, want 3", pages)
	}
}

func TestEstimateWarnsOfBatchesThatOutliveTheirChild(t *testing.T) {
	p, store := planner()
	var lines strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&lines, "in/%d.png,50000000\n", i)
	}
	store.objects["work/m.csv"] = "key,size\n" + lines.String()
	for size, warned := range map[int]bool{1000: true, 10: false} {
		got, err := p.Plan(t.Context(), start(fmt.Sprintf(`{"dryRun":true,"manifest":"s3://work/m.csv","batchSize":%d}`, size)))
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(strings.Join(got.Estimate.Notes, " "), "a child execution ends after 5 minutes: ask for a smaller batchSize"); told != warned {
			t.Errorf("batches of %d: %q", size, got.Estimate.Notes)
		}
	}
}

func TestCountFails(t *testing.T) {
	p, store := gallery(30)
	store.faults["LIST photos/in/1/"] = answer(503, "SlowDown")
	_, err := p.Plan(t.Context(), start(`{"dryRun":true,"shardBy":"/"}`))
	if _, bare := err.(job.Throttled); !bare {
		t.Errorf("%T %v, want a bare Throttled", err, err)
	}
	store.truncated = true
	_, err = p.Plan(t.Context(), start(`{"dryRun":true}`))
	if _, bare := err.(job.Unavailable); !bare {
		t.Errorf("a listing that does not go on: %T %v, want a bare Unavailable", err, err)
	}
}

func TestDollars(t *testing.T) {
	for v, want := range map[float64]string{0: "$0.00", 1: "$1.00", 12.5: "$12.50", 0.000123: "$0.000123", 1234.567891: "$1234.567891"} {
		if got := dollars(v); got != want {
			t.Errorf("dollars(%v) = %s, want %s", v, got, want)
		}
	}
}
