package asl

import (
	"context"
	"os"
	"testing"
)

// BenchmarkMapRun runs 100,000 listed items in batches of 100 that do nothing, through the real file.
func BenchmarkMapRun(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkMapRun(b, false) })
	b.Run("journalled", func(b *testing.B) { benchmarkMapRun(b, true) })
}

func benchmarkMapRun(b *testing.B, journalled bool) {
	m, s := resize(b), filled(0)
	page := make([]any, 1000)
	for i := range page {
		page[i] = map[string]any{"Key": "photos/2026/11/20/IMG_000000.jpg", "Etag": `"05704f"`, "Size": 34910, "LastModified": 1.789180622e9, "StorageClass": "STANDARD"}
	}
	x := execution1(`{}`)
	x.Objects = endless{s, page, 100}
	x.Tasks = tasks(func(_ context.Context, function string, _ any) (any, error) {
		if function == "Prepare" {
			return map[string]any{"run": "r", "dryRun": false, "job": map[string]any{"recipe": "r"}, "results": prepared["results"],
				"limits": prepared["limits"], "shards": prepared["shards"].([]any)[:1]}, nil
		}
		return map[string]any{"done": 1, "remaining": []any{}, "balanced": true, "withinTolerance": true}, nil
	})
	b.ReportAllocs()
	for b.Loop() {
		if journalled {
			x.Journal = &onDisk{dir: b.TempDir(), files: map[string]*os.File{}}
		}
		if _, err := m.Run(b.Context(), x); err != nil {
			b.Fatal(err)
		}
	}
}

// endless lists the same page some times over.
type endless struct {
	*store
	page  []any
	pages int
}

func (e endless) List(_ context.Context, _, _, continuation string) ([]any, string, error) {
	if continuation += "."; len(continuation) < e.pages {
		return e.page, continuation, nil
	}
	return e.page, "", nil
}
