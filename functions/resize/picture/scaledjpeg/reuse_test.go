package scaledjpeg

import (
	"sync"
	"testing"
)

func TestDecode_reusesMemory(t *testing.T) {
	var d Decoder
	data := newSketch(1, 300, 200, 0.2, ycc420...).encode()
	for _, scale := range scales {
		allocations := testing.AllocsPerRun(50, func() {
			m, err := d.Decode(data, scale)
			if err != nil {
				t.Fatal(err)
			}
			m.Release()
		})
		if allocations > 4 { // a collection may empty the pool; the race detector does so now and then
			t.Errorf("Decode at %d/8 allocates %v times a picture, want none", scale, allocations)
		}
	}
}

// What a large picture took is not kept from small ones that follow.
func TestDecode_givesMemoryBack(t *testing.T) {
	var d Decoder
	var work decoding
	decode := func(data []byte) int {
		work.reset(&d, 8)
		if err := work.decode(data); err != nil {
			t.Fatal(err)
		}
		held := cap(work.entropy.data)
		for _, c := range work.components {
			held += cap(c.plane.Pix) + 2*cap(c.coefficients) + 8*cap(c.nonzero)
		}
		return held
	}
	large, small := blank(3000, 2000, ycc420, true), blank(300, 200, ycc420, false)
	before := decode(large)
	h, err := ReadHeader(large)
	if err != nil {
		t.Fatal(err)
	}
	if int64(before) < d.MemoryBytes(h, 8) {
		t.Errorf("a large picture holds %d bytes, want %d or more", before, d.MemoryBytes(h, 8))
	}
	if after := decode(small); after > 2<<20 {
		t.Errorf("a small picture holds %d bytes after one that held %d, want 2 MB at most", after, before)
	}
	first := &work.components[0].plane.Pix[0]
	decode(small)
	if &work.components[0].plane.Pix[0] != first {
		t.Error("a picture of the same size takes new memory")
	}
}

// Pictures of other sizes and tables, decoded at once by one decoder, do not show through each other.
func TestDecode_concurrently(t *testing.T) {
	var d Decoder
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := newSketch(uint64(i), 20+30*i, 90-10*i, 0.2, samplings[i]...)
			s.apart = tooMany(s.sampling)
			data := s.encode()
			for range 20 {
				scale := scales[i%len(scales)]
				m, err := d.Decode(data, scale)
				if err != nil {
					t.Errorf("Decode: %v", err)
					return
				}
				for j := range s.components {
					if far := farthest(m.Planes[j], s.want(j, scale)); far < 0 || far > 1 {
						t.Errorf("plane %d at %d/8 differs by %d", j, scale, far)
					}
				}
				m.Release()
			}
		})
	}
	wg.Wait()
}

func TestTableCache_isBounded(t *testing.T) {
	var c tableCache
	for i := range 3 * cachedTables {
		counts := make([]byte, longestCode, longestCode+1)
		counts[7] = 1
		if _, _, err := c.read(append(counts, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.tables) != cachedTables {
		t.Errorf("the cache keeps %d tables, want %d", len(c.tables), cachedTables)
	}
}
