package survey

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// at returns the classes that a run comes to from an index on.
func at(o Order, first, n int) (classes []Class) {
	o.Range(first, n, func(c Class, _ uint16) { classes = append(classes, c) })
	return classes
}

// TestMoreThanIsKept: of more objects than are kept one by one every giant is where it is, the others are as large
// as those nearby, everything adds up, and memory is taken for those that are kept alone.
func TestMoreThanIsKept(t *testing.T) {
	const n = 500_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := New(job.Filter{})
	s.order.blocks = 100 // of n/blockItems
	key := make([]byte, 0, 64)
	for i := range n {
		key = fmt.Appendf(key[:0], "%03d/%07d.jpg", i/5000, i)
		size := int64(1_000_000)
		switch {
		case i%100_003 == 100_002: // four of them
			size = 200_000_000
		case i >= n/2:
			size = 3_000_000
		case i%100 == 0:
			size = 0
		}
		s.Add(job.Item{Key: string(key), Size: size, ETag: "e"})
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if took := int64(after.HeapAlloc) - int64(before.HeapAlloc); took > 2<<20 {
		t.Errorf("it takes %d bytes, want 2 MiB at most", took)
	}
	o := s.Order()
	if s.Items != n || s.Fetched()+s.IgnoredBy["Empty"] != n || s.Piles[cost.JPEG].Items != s.Fetched() || s.Bytes != s.Piles.All().Bytes {
		t.Errorf("%d items, %d fetched, %d ignored, %d and %d bytes", s.Items, s.Fetched(), s.IgnoredBy["Empty"], s.Bytes, s.Piles.All().Bytes)
	}
	small, large, giant := classOf(1_000_000, cost.JPEG), classOf(3_000_000, cost.JPEG), classOf(200_000_000, cost.JPEG)
	fetched, giants := 0, 0
	o.Range(0, n, func(c Class, prefix uint16) {
		fetched++
		if c == giant {
			giants++
		}
	})
	if got := float64(fetched) / float64(s.Fetched()); got < 0.999 || got > 1.001 || giants != 4 {
		t.Errorf("a run comes to %d of %d, %d giants among them, want all and 4", fetched, s.Fetched(), giants)
	}
	if got := at(o, 100_002, 1); len(got) != 1 || got[0] != giant {
		t.Errorf("at the place of a giant there are classes %v, want %d", got, giant)
	}
	for first, want := range map[int]Class{123_401: small, n - 400: large} {
		for _, got := range at(o, first, 50) {
			if got != want {
				t.Errorf("from %d on there is class %d, want %d", first, got, want)
			}
		}
	}
	if median := s.Quantile(0.4); median < 800_000 || median > 1_200_000 {
		t.Errorf("two fifths are below %d, want about 1,000,000", median)
	}
	var bands SizeBand
	for _, b := range s.Bands() {
		bands.Items += b.Items
		bands.Bytes += b.Bytes
	}
	if bands.Items != s.Fetched() || bands.Bytes != s.Piles.All().Bytes {
		t.Errorf("the bands have %+v", bands)
	}
	if all, most := s.Prefixes(1); all != 100 || most[0].Items != 5000 {
		t.Errorf("%d prefixes, %+v", all, most)
	}
}

// TestMoreFoldersThanAreToldApart: prefixes are cut until they are few enough, no object is lost, and what lies
// together stays together.
func TestMoreFoldersThanAreToldApart(t *testing.T) {
	s := New(job.Filter{})
	const n = 100_000
	for i := range n {
		s.Add(job.Item{Key: fmt.Sprintf("users/%06d/avatar.png", i), Size: 1000})
	}
	all, most := s.Prefixes(maxPrefixes)
	sum := 0
	for _, p := range most {
		sum += p.Items
	}
	if all > maxPrefixes || all < 100 || sum != n {
		t.Errorf("%d prefixes of %d objects, want 100 to %d of all", all, sum, maxPrefixes)
	}
	byID := map[uint16]int{}
	s.Order().Range(0, n, func(_ Class, id uint16) { byID[id]++ })
	for id, items := range byID {
		if want := s.prefixes.counts[id]; items != want {
			t.Errorf("of prefix %q %d objects stand in the order, %d are counted", s.PrefixName(id), items, want)
		}
	}
}

func TestClasses(t *testing.T) {
	last := Class(0)
	for size := int64(1); size < 5e12; size += size/50 + 1 {
		c, o := classOf(size, cost.JPEG), classOf(size, cost.Other)
		if c < last || c >= sizeClasses || o != c+2*sizeClasses || o >= nothing || o.size() != c || c.withSize(3) != 3 || o.withSize(3) != 2*sizeClasses+3 {
			t.Fatalf("%d bytes are class %d, of another kind %d, after %d", size, c, o, last)
		}
		last = c
	}
}

// TestFolderWithRuns: what runs keep in a folder is passed over, as they pass it over.
func TestFolderWithRuns(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.jpg", "w/b.jpg", "w/.mapfleet/lock", "w/.mapfleet/work/previews/p.jpg", "mine/.mapfleet/c.jpg"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("picture"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	s := New(job.Filter{})
	if err := s.Folder(t.Context(), dir, "", 0, func(int) {}); err != nil || s.Items != 3 {
		t.Errorf("%d files, %v, want 3", s.Items, err)
	}
}
