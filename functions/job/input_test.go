package job

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// deployment is the one that the tests of inputs ask.
func deployment() Deployment {
	return Deployment{
		SourceBucket: "photos", SourcePrefix: "in/",
		DestinationBucket: "thumbs", DestinationPrefix: "out/",
		WorkBucket:       "work",
		ManifestBucket:   "lists",
		Recipe:           []Variant{{Name: "w64", Width: 64, Fit: FitInside, Format: FormatSame, Quality: 80, Key: DefaultKey}},
		DefaultBatchSize: 100, MaxBatchSize: 1000,
		DefaultMaxConcurrency: 50, MaxMaxConcurrency: 500,
		ToleratedFailurePercentage: 5,
		WorkerMemory:               1769, WorkerArchitecture: ARM64,
	}
}

// defaults is what {} amounts to.
func defaults() Input {
	return Input{
		Prefix: "in/", Variants: deployment().Recipe, Overwrite: OverwriteStale,
		BatchSize: 100, MaxConcurrency: 50, ToleratedFailurePercentage: 5,
	}
}

func TestParseInput(t *testing.T) {
	day := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, input string
		want        func(*Input)
	}{
		{"nothing asked is the deployment's defaults", `{}`, func(*Input) {}},
		{"white space around is no matter", " \n{ }\t", func(*Input) {}},
		{"null is as good as absent", `{"prefix":null,"manifest":null,"keys":null,"retryFailuresOf":null,"filter":null,"variants":null,
			"overwrite":null,"batchSize":null,"maxConcurrency":null,"toleratedFailurePercentage":null,"comment":null,
			"maxItems":null,"maxCostUSD":null,"shardBy":null,"dryRun":null}`, func(*Input) {}},
		{"a prefix below the deployment's", `{"prefix":"in/2026/"}`, func(in *Input) { in.Prefix = "in/2026/" }},
		{"the deployment's own prefix", `{"prefix":"in/"}`, func(*Input) {}},
		{"a manifest in the source bucket", `{"manifest":"s3://photos/lists/a.jsonl"}`, func(in *Input) { in.Manifest = "s3://photos/lists/a.jsonl" }},
		{"a manifest in the work bucket", `{"manifest":"s3://work/a.jsonl"}`, func(in *Input) { in.Manifest = "s3://work/a.jsonl" }},
		{"a manifest in the bucket for manifests", `{"manifest":"s3://lists/photos/daily/2026-11-02T00-00Z/manifest.json"}`, func(in *Input) {
			in.Manifest = "s3://lists/photos/daily/2026-11-02T00-00Z/manifest.json"
		}},
		{"a CSV, gzipped", `{"manifest":"s3://work/a.CSV.gz"}`, func(in *Input) { in.Manifest = "s3://work/a.CSV.gz" }},
		{"JSON Lines under their other name", `{"manifest":"s3://work/a.ndjson"}`, func(in *Input) { in.Manifest = "s3://work/a.ndjson" }},
		{"the first thousand", `{"maxItems":1000}`, func(in *Input) { in.MaxItems = 1000 }},
		{"as many as a Map Run reads", `{"maxItems":100000000}`, func(in *Input) { in.MaxItems = MaxMapRunItems }},
		{"by folder", `{"prefix":"in/2026/","shardBy":"/"}`, func(in *Input) { in.Prefix, in.ShardBy = "in/2026/", "/" }},
		{"for a cent and a half", `{"maxCostUSD":0.015}`, func(in *Input) { in.MaxCostUSD = 0.015 }},
		{"a dry run", `{"dryRun":true}`, func(in *Input) { in.DryRun = true }},
		{"a run that is meant", `{"dryRun":false}`, func(*Input) {}},
		{"explicit keys", `{"keys":["in/a.jpg","in/é +%.png"]}`, func(in *Input) { in.Keys = []string{"in/a.jpg", "in/é +%.png"} }},
		{"an earlier run's failures", `{"retryFailuresOf":"Nightly_2026-11-02"}`, func(in *Input) {
			in.RetryFailuresOf, in.ToleratedFailurePercentage = "Nightly_2026-11-02", 100
		}},
		{"an earlier run's failures, judged", `{"retryFailuresOf":"r","toleratedFailurePercentage":5}`, func(in *Input) { in.RetryFailuresOf = "r" }},
		{"every member of a filter", `{"filter":{"suffixes":[".jpg",".PNG"],"minBytes":0,"maxBytes":9007199254740993,"modifiedAfter":"2026-11-02","modifiedBefore":"2026-11-03T01:00:00+01:00"}}`,
			func(in *Input) {
				in.Filter = Filter{Suffixes: []string{".jpg", ".PNG"}, MaxBytes: 9007199254740993, ModifiedAfter: day, ModifiedBefore: day.AddDate(0, 0, 1)}
			}},
		{"no suffixes let every key pass", `{"filter":{"suffixes":[]}}`, func(in *Input) { in.Filter.Suffixes = []string{} }},
		{"a variant's defaults are filled in", `{"variants":[{"name":"s","width":10}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: DefaultQuality, Key: DefaultKey}}
		}},
		{"every member of a variant", `{"variants":[{"name":"a-1_b","width":1,"height":16384,"fit":"pad","upscale":true,"format":"jpeg","quality":100,"background":"#FFaa00","key":"{dir}{stem}-{width}x{height}{ext}"}]}`,
			func(in *Input) {
				in.Variants = []Variant{{Name: "a-1_b", Width: 1, Height: 16384, Fit: FitPad, Upscale: true, Format: FormatJPEG, Quality: 100, Background: "#ffaa00", Key: "{dir}{stem}-{width}x{height}{ext}"}}
			}},
		{"high quality", `{"variants":[{"name":"s","width":10,"quality":"high"}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: 90, Fine: true, Key: DefaultKey}}
		}},
		{"a fine decode of any quality", `{"variants":[{"name":"s","width":10,"quality":85,"fine":true}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: 85, Fine: true, Key: DefaultKey}}
		}},
		{"a softer filter", `{"variants":[{"name":"s","width":10,"filter":"catmullrom"}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: 80, Filter: ResamplingCatmullRom, Key: DefaultKey}}
		}},
		{"the usual filter, said aloud", `{"variants":[{"name":"s","width":10,"filter":"lanczos3"}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: 80, Key: DefaultKey}}
		}},
		{"colour and metadata", `{"variants":[{"name":"s","width":10,"format":"webp","colour":"srgb","keepExif":true}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatWebP, Quality: 80, Colour: ColourSRGB, KeepEXIF: true, Key: DefaultKey}}
		}},
		{"colour kept, said aloud", `{"variants":[{"name":"s","width":10,"colour":"keep"}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Width: 10, Fit: FitInside, Format: FormatSame, Quality: 80, Key: DefaultKey}}
		}},
		{"png has no quality", `{"variants":[{"name":"s","height":10,"fit":"outside","format":"png"}]}`, func(in *Input) {
			in.Variants = []Variant{{Name: "s", Height: 10, Fit: FitOutside, Format: FormatPNG, Key: DefaultKey}}
		}},
		{"overwrite always", `{"overwrite":"always"}`, func(in *Input) { in.Overwrite = OverwriteAlways }},
		{"overwrite never", `{"overwrite":"never"}`, func(in *Input) { in.Overwrite = OverwriteNever }},
		{"overwrite stale", `{"overwrite":"stale"}`, func(*Input) {}},
		{"limits at their ceilings", `{"batchSize":1000,"maxConcurrency":500,"toleratedFailurePercentage":100}`, func(in *Input) {
			in.BatchSize, in.BatchSizeGiven, in.MaxConcurrency, in.ToleratedFailurePercentage = 1000, true, 500, 100
		}},
		{"limits at their floors", `{"batchSize":1,"maxConcurrency":1,"toleratedFailurePercentage":0}`, func(in *Input) {
			in.BatchSize, in.BatchSizeGiven, in.MaxConcurrency, in.ToleratedFailurePercentage = 1, true, 1, 0
		}},
		{"a fraction of a percent", `{"toleratedFailurePercentage":0.25}`, func(in *Input) { in.ToleratedFailurePercentage = 0.25 }},
		{"a comment changes nothing", `{"comment":"nightly"}`, func(in *Input) { in.Comment = "nightly" }},
		{"the console's comment", `{"Comment":"Insert your JSON here"}`, func(in *Input) { in.Comment = "Insert your JSON here" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := defaults()
			c.want(&want)
			got, err := ParseInput([]byte(c.input), deployment())
			if err != nil {
				t.Fatalf("ParseInput(%s): %v", c.input, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ParseInput(%s) differs (-want +got):\n%s", c.input, diff)
			}
		})
	}
}

func TestParseInputTakesTheMostKeys(t *testing.T) {
	list := func(n int) []byte {
		return []byte(`{"keys":["in/a"` + strings.Repeat(`,"in/b"`, n-1) + `]}`)
	}
	if in, err := ParseInput(list(MaxKeys), deployment()); err != nil || len(in.Keys) != MaxKeys {
		t.Errorf("ParseInput of %d keys = %d keys, %v", MaxKeys, len(in.Keys), err)
	}
	_, err := ParseInput(list(MaxKeys+1), deployment())
	if want := "keys: given 1001 keys; allowed: a list of 1 to 1000 keys; use a manifest for more"; err == nil || err.Error() != want {
		t.Errorf("ParseInput of %d keys: %v, want %s", MaxKeys+1, err, want)
	}
}

func TestFilterPasses(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		filter Filter
		item   Item
		want   bool
	}{
		{"no filter", Filter{}, Item{Key: "a"}, true},
		{"suffix without regard to case", Filter{Suffixes: []string{".png", ".JpG"}}, Item{Key: "a.jPg"}, true},
		{"another suffix", Filter{Suffixes: []string{".png", ".jpg"}}, Item{Key: "a.gif"}, false},
		{"exactly the smallest size", Filter{MinBytes: 10}, Item{Size: 10}, true},
		{"below the smallest size", Filter{MinBytes: 10}, Item{Size: 9}, false},
		{"exactly the largest size", Filter{MaxBytes: 10}, Item{Size: 10}, true},
		{"above the largest size", Filter{MaxBytes: 10}, Item{Size: 11}, false},
		{"unknown size", Filter{MinBytes: 10, MaxBytes: 20}, Item{Size: -1}, true},
		{"unknown date", Filter{ModifiedAfter: noon, ModifiedBefore: noon.Add(1)}, Item{}, true},
		{"modified exactly then is not after", Filter{ModifiedAfter: noon}, Item{LastModified: noon}, false},
		{"modified after", Filter{ModifiedAfter: noon}, Item{LastModified: noon.Add(1)}, true},
		{"modified exactly then is not before", Filter{ModifiedBefore: noon}, Item{LastModified: noon}, false},
		{"modified before", Filter{ModifiedBefore: noon}, Item{LastModified: noon.Add(-1)}, true},
		{"unknown date does not save a wrong size", Filter{MinBytes: 10, ModifiedAfter: noon}, Item{Size: 1}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.filter.Passes(c.item); got != c.want {
				t.Errorf("%+v.Passes(%+v) = %v, want %v", c.filter, c.item, got, c.want)
			}
		})
	}
}

func TestSplitURL(t *testing.T) {
	for _, c := range []struct {
		url, bucket, key string
		ok               bool
	}{
		{"s3://b/k", "b", "k", true},
		{"s3://b/a/b c.jsonl", "b", "a/b c.jsonl", true},
		{"s3://b//k", "b", "/k", true},
		{"s3://b/", "b", "", false},
		{"s3://b", "b", "", false},
		{"s3:///k", "", "k", false},
		{"https://b/k", "", "", false},
		{"", "", "", false},
	} {
		bucket, key, ok := SplitURL(c.url)
		if bucket != c.bucket || key != c.key || ok != c.ok {
			t.Errorf("SplitURL(%q) = %q, %q, %v, want %q, %q, %v", c.url, bucket, key, ok, c.bucket, c.key, c.ok)
		}
	}
}

func TestValidRunName(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "Nightly_2026-11-02": true, "azAZ09-_": true, strings.Repeat("x", 80): true,
		"": false, strings.Repeat("x", 81): false, "a b": false, "a/b": false, "é": false, "a.b": false, "a:b": false,
	} {
		if got := ValidRunName(name); got != want {
			t.Errorf("ValidRunName(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestWorkBucketLayout(t *testing.T) {
	if got, want := fmt.Sprint(WorkKey("r", "items.jsonl"), " ", ReportKey("r", "plan.json")), "work/r/items.jsonl reports/r/plan.json"; got != want {
		t.Errorf("keys = %s, want %s", got, want)
	}
}
