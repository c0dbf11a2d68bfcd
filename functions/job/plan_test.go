package job

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestLimitsShare(t *testing.T) {
	for _, c := range []struct{ workers, shards, mapRuns, each int }{
		{50, 0, 1, 50},   // nothing to do
		{50, 1, 1, 50},   // one Map Run has all workers
		{50, 2, 2, 25},   // two share them
		{50, 3, 2, 25},   // two at a time use all, three would leave two idle
		{50, 200, 25, 2}, // of 40 at a time each would have one, and ten would be idle
		{1000, 200, 40, 25},
		{7, 200, 7, 1}, // no more Map Runs than workers
		{1, 200, 1, 1},
	} {
		var l Limits
		l.Share(c.workers, c.shards)
		if l.MapRuns != c.mapRuns || l.MaxConcurrency != c.each {
			t.Errorf("%d workers on %d shards: %d Map Runs of %d, want %d of %d", c.workers, c.shards, l.MapRuns, l.MaxConcurrency, c.mapRuns, c.each)
		}
	}
	for workers := range 1200 {
		for _, shards := range []int{1, 2, 13, 40, 200} {
			var l Limits
			l.Share(workers+1, shards)
			if used := l.MapRuns * l.MaxConcurrency; used > workers+1 || used < (workers+1)*3/4 || l.MapRuns > inlineMapRuns || l.MapRuns > shards {
				t.Errorf("%d workers on %d shards: %d Map Runs of %d", workers+1, shards, l.MapRuns, l.MaxConcurrency)
			}
		}
	}
}

// TestLargestPlanFitsIntoAState: the state that holds a plan gets the outputs of all its Map Runs, and
// may have 256 KiB.
func TestLargestPlanFitsIntoAState(t *testing.T) {
	const most = 256 << 10
	bucket, run := strings.Repeat("b", 63), strings.Repeat("r", 80)
	place := Location{Bucket: bucket, Prefix: strings.Repeat("p", 512)}
	plan := Plan{
		Run: run, Execution: "arn:aws:states:ap-southeast-1:123456789012:execution:" + strings.Repeat("m", 50) + ":" + run,
		Comment: strings.Repeat("c", maxCommentBytes),
		Job: Job{
			Run: run, Source: place, Destination: place, Work: place, Overwrite: OverwriteStale,
			Variants: []Variant{{Key: strings.Repeat("k", maxRecipeBytes)}},
			Filter:   Filter{Suffixes: []string{strings.Repeat("s", maxSuffixesBytes)}},
		},
		Results:  Location{Bucket: bucket, Prefix: WorkKey(run, "results")},
		LeftOut:  map[string]int{LeftRepeated: 1e8, LeftOldVersion: 1e8, LeftDeleted: 1e8, LeftOutside: 1e8},
		Estimate: &Estimate{Notes: []string{strings.Repeat("n", 2000)}, Lines: make([]CostLine, 20)},
	}
	for size := 0; len(plan.Shards) < MaxShards; {
		s := Shard{Kind: ShardListing, Bucket: bucket, Prefix: strings.Repeat("p", MaxShardsBytes/MaxShards-110)}
		if size += len(s.Prefix) + 110; size > MaxShardsBytes {
			t.Fatalf("%d shards take %d bytes", len(plan.Shards), size)
		}
		plan.Shards = append(plan.Shards, s)
	}
	outputs := make([]MapRunResult, len(plan.Shards))
	for i := range outputs {
		uuid := fmt.Sprintf("%036d", i)
		outputs[i].MapRunArn = "arn:aws:states:ap-southeast-1:123456789012:mapRun:" + strings.Repeat("m", 50) + "/ResizeManifest:" + uuid
		outputs[i].ResultWriterDetails.Bucket = bucket
		outputs[i].ResultWriterDetails.Key = plan.Results.Prefix + "/" + uuid + "/manifest.json"
	}
	data, err := json.Marshal(struct {
		Plan
		MapRuns []MapRunResult `json:"mapRuns"`
	}{plan, outputs})
	if err != nil || len(data) > most {
		t.Errorf("the largest state has %d bytes (%v), want at most %d", len(data), err, most)
	}
	if len(data) < most/2 {
		t.Errorf("the largest state has %d bytes: the limits are tighter than they need to be", len(data))
	}
}

func TestManifestFormatOf(t *testing.T) {
	for key, want := range map[string]ManifestFormat{
		"a.csv": ManifestCSV, "a.CSV.GZ": ManifestCSV, "x/a.json": ManifestJSON, "manifest.json": ManifestJSON, "a.json.gz": ManifestJSON,
		"a.jsonl": ManifestJSONLines, "a.ndjson.gz": ManifestJSONLines, "a.b.csv": ManifestCSV,
		"a": "", "csv": "", "a.gz": "", "a.csv.zip": "", "a.csv/": "", "a.txt": "", "a.tsv": "", "a.orc": "", "": "",
	} {
		if got, ok := ManifestFormatOf(key); got != want || ok != (want != "") {
			t.Errorf("ManifestFormatOf(%q) = %q, %v, want %q", key, got, ok, want)
		}
	}
}
