package cli

import (
	"path/filepath"
	"testing"
)

// TestLocalResize_shards: a listing that is split at folders holds every picture, once.
func TestLocalResize_shards(t *testing.T) {
	in, out := album(t, 3), t.TempDir()
	for i, name := range []string{"2025/a.jpg", "2025/b.jpg", "2026/x/c.jpg", "2026/d.jpg", "2026-old/e.jpg"} {
		write(t, filepath.Join(in, filepath.FromSlash(name)), photo(t, 40, 30, i))
	}
	a, status := resize(t, in, out, `{"shardBy":"/","variants":[{"name":"w9","width":9}]}`)
	if status != ExitSucceeded {
		t.Fatalf("exit %d: %s %s", status, a.Error, a.Cause)
	}
	wantCounts(t, a, 8, 8, 0, 0, 0)
	if a.MapRuns < 3 {
		t.Errorf("%d Map Runs, want one for each folder at least", a.MapRuns)
	}
	if n := len(files(t, out)); n != 8 {
		t.Errorf("%d files are made, want 8", n)
	}
}
