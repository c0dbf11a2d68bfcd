package vp8

import "testing"

// FuzzDecode compares with golang.org/x/image: verdicts and every sample.
func FuzzDecode(f *testing.F) {
	for _, quality := range []int{20, 90} {
		f.Add(photo(f, 17, 15, quality, 4))
		f.Add(photo(f, 40, 33, quality, 0))
	}
	for _, s := range sketches()[:40] { // small ones, so that they can be made smaller in time
		s.width, s.height, s.partitions, s.dull, s.room = min(s.width, 33), min(s.height, 17), s.partitions&1, true, 150
		f.Add(s.encode())
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, frame []byte) {
		const most = 1 << 18
		if width, height, _, err := readSize(frame); err == nil && width*height > most {
			return // a few bytes may ask for much
		}
		m, err := d.Decode(frame)
		want, wantErr := reference(frame)
		if err == errEmpty || err == errStartsBeyond {
			return // which the reference takes
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("Decode: %v, the reference says %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if overflows(frame) {
			return
		}
		if err := samePlanes(m, want, fullRange); err != nil {
			t.Fatal(err)
		}
		m.Release()
	})
}

// overflows says whether a level of the filter, before it is clamped, leaves the eight bits in which the reference computes it.
func overflows(frame []byte) bool {
	var h header
	if h.readHeader(frame) != nil {
		return false
	}
	for _, strength := range h.segments.strength {
		level := h.filter.level
		if h.segments.used {
			level = strength + level*int(number(h.segments.relative))
		}
		for _, change := range []int{0, h.filter.references[0], h.filter.modes[0]} {
			if level += change; level != int(int8(level)) {
				return true
			}
		}
	}
	return false
}
