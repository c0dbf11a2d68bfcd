package audit

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

func TestSorter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ records, chunk int }{{0, 4}, {1, 4}, {4, 4}, {5, 4}, {1000, 7}, {1000, 0}} {
		t.Run(fmt.Sprintf("%d records in chunks of %d", c.records, c.chunk), func(t *testing.T) {
			s := newSorter(t.TempDir(), c.chunk)
			defer s.close()
			var want []record
			for range c.records {
				r := keyRecord(fmt.Sprint(random.IntN(300)), random.Uint64N(10), "source")
				want = append(want, r)
				if err := s.add(r); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortFunc(want, compareRecords)
			var got []record
			for r, err := range s.sorted() {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d records come back, not the %d in order", len(got), len(want))
			}
		})
	}
}

func TestSorter_tells_that_the_disk_is_gone(t *testing.T) {
	s := newSorter(t.TempDir()+"/none", 1)
	if err := errors.Join(s.add(record{}), s.add(record{})); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("add = %v, want an error that names TMPDIR", err)
	}
}

func TestRecord(t *testing.T) {
	r := keyRecord("out/a.jpg", 1<<60+5, "in/a.jpg")
	if r.number() != 1<<60+5 || !r.sameKey(keyRecord("out/a.jpg", 1, "in/b.jpg")) || r.sameKey(keyRecord("out/b.jpg", 1<<60+5, "in/a.jpg")) {
		t.Errorf("keyRecord: number %d, or another key", r.number())
	}
	if !r.sameSource(keyRecord("out/b.jpg", 1, "in/a.jpg")) || r.sameSource(keyRecord("out/a.jpg", 1, "in/b.jpg")) {
		t.Error("keyRecord: another source")
	}
	p := placeRecord(1<<40+3, 19, true)
	if place, variant, collides := p.place(); place != 1<<40+3 || variant != 19 || !collides {
		t.Errorf("place = %d, %d, %v", place, variant, collides)
	}
	if compareRecords(placeRecord(2, 9, true), placeRecord(10, 0, false)) >= 0 {
		t.Error("place 2 does not come before place 10")
	}
}

// TestJoin compares with sets.
func TestJoin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		size := 1 + random.IntN(12)
		wanted, there := newSorter(t.TempDir(), 3), newSorter(t.TempDir(), 3)
		wants, has, first := map[string]int{}, map[string]bool{}, map[string]string{}
		collisions := 0
		for i := range random.IntN(20) {
			key, source := fmt.Sprint(random.IntN(size)), fmt.Sprint("source ", random.IntN(3))
			if _, ok := first[key]; !ok {
				first[key] = source
			}
			if first[key] != source {
				collisions++
			}
			wants[key]++
			if err := wanted.add(keyRecord(key, uint64(i), source)); err != nil {
				t.Fatal(err)
			}
		}
		for i := range size {
			if key := fmt.Sprint(i); random.IntN(2) == 0 {
				has[key] = true
				if err := there.add(keyRecord(key, uint64(i), "")); err != nil {
					t.Fatal(err)
				}
			}
		}
		present, missing, unexplained := 0, 0, 0
		for key, n := range wants {
			if has[key] {
				present += n
			} else {
				missing += n
			}
		}
		for key := range maps.Keys(has) {
			if wants[key] == 0 {
				unexplained++
			}
		}
		var got [4]int
		for m, err := range join(wanted.sorted(), there.sorted()) {
			if err != nil {
				t.Fatal(err)
			}
			for i, is := range []bool{m.present, m.missing, m.unexplained, m.collides} {
				if is {
					got[i]++
				}
			}
		}
		if want := [4]int{present, missing, unexplained, collisions}; got != want {
			t.Fatalf("join of %v with %v: present, missing, unexplained, colliding = %v, want %v", wants, has, got, want)
		}
		wanted.close()
		there.close()
	}
}

func TestJoin_passes_errors_on(t *testing.T) {
	broken := errors.New("broken disk")
	fails := func(yield func(record, error) bool) { yield(record{}, broken) }
	one := func(yield func(record, error) bool) { yield(keyRecord("a", 0, ""), nil) }
	for _, c := range [][2]iter.Seq2[record, error]{{fails, one}, {one, fails}, {fails, fails}} {
		var got error
		for _, err := range join(c[0], c[1]) {
			got = err
		}
		if got != broken {
			t.Errorf("join = %v, want %v", got, broken)
		}
	}
}

func TestJournal(t *testing.T) {
	j, err := newJournal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	long := strings.Repeat("\x01", job.MaxKeyBytes) // the longest line that there can be
	for i := range 1000 {
		if err := j.add(job.Item{Key: fmt.Sprintf("in/%d\n%s", i, long), ETag: "e", Size: int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	for _, place := range []uint64{0, 1, 5, 700, 999} {
		item, err := j.item(place)
		if err != nil || item.Size != int64(place) || !strings.HasPrefix(item.Key, fmt.Sprintf("in/%d\n\x01", place)) {
			t.Errorf("item %d = %.20q, %d, %v", place, item.Key, item.Size, err)
		}
	}
	if _, err := j.item(1000); err == nil {
		t.Error("an item behind the last one was found")
	}
}
