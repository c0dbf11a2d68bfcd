package scaledjpeg

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
)

func TestMemoryBytes(t *testing.T) {
	for _, c := range []struct {
		width, height int
		sampling      []Sampling
		progressive   bool
		scales        []int
	}{
		{1000, 700, ycc420, false, scales},
		{1000, 700, gray, true, scales},
		{1003, 701, ycc420, true, scales},
		{6000, 4000, ycc420, true, []int{8}},
	} {
		data := blank(c.width, c.height, c.sampling, c.progressive)
		h, err := ReadHeader(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, scale := range c.scales {
			t.Run(fmt.Sprintf("%dx%d %v progressive %v at %d", c.width, c.height, c.sampling, c.progressive, scale), func(t *testing.T) {
				var d Decoder
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				m, err := d.Decode(data, scale)
				runtime.ReadMemStats(&after)
				if err != nil {
					t.Fatal(err)
				}
				m.Release()
				const slack = 512 << 10 // tables, and what is rounded up
				spent, want := int64(after.TotalAlloc-before.TotalAlloc), d.MemoryBytes(h, scale)
				if spent > want+int64(len(data))+slack || spent < want {
					t.Errorf("MemoryBytes = %d, Decode of %d bytes allocates %d", want, len(data), spent)
				}
			})
		}
	}
}

// blank is a file of that size whose coefficients are all 0, sequential or of two scans for each component.
func blank(width, height int, sampling []Sampling, progressive bool) []byte {
	s := newSketch(1, 8, 8, 0, sampling...)
	if progressive {
		s.scripted([]pass{{}})
	}
	data := s.encode()
	for _, frame := range []byte{markerSOF0, markerSOF2} {
		if bytes.Contains(data, []byte{0xFF, frame}) {
			data = edit{frame, 4, []byte{byte(height >> 8), byte(height), byte(width >> 8), byte(width)}}.of(data)
		}
	}
	data = data[:bytes.Index(data, []byte{0xFF, markerSOS})]
	var d decoding
	d.Width, d.Height, d.Components, d.Sampling = width, height, len(sampling), [4]Sampling(append(sampling[:len(sampling):len(sampling)], make([]Sampling, 4)...))
	d.scale = 1
	if err := d.layOut(width * height); err != nil {
		return nil
	}
	all := []byte{byte(len(sampling))}
	blocks := 0
	for i, c := range d.components[:len(sampling)] {
		all = append(all, byte(i+1), 0)
		blocks += d.mcusHigh * d.mcusWide * c.Horizontal * c.Vertical
	}
	if !progressive {
		data = appendSegment(data, markerSOS, append(all, 0, 63, 0))
		return append(append(data, make([]byte, (5*blocks+7)/8)...), 0xFF, markerEOI) // 3 bits of 0, and 2 of an end of block
	}
	data = appendSegment(data, markerSOS, append(all, 0, 0, 0))
	w := bitWriter{out: append(data, make([]byte, (3*blocks+7)/8)...)}
	for i, c := range d.components[:len(sampling)] {
		w.out = appendSegment(w.out, markerSOS, []byte{1, byte(i + 1), 0, 1, 63, 0})
		band := bandWriter{bitWriter: &w}
		for range c.blocksWide * c.blocksHigh {
			band.end(nil)
		}
		band.endRun()
		w.flush()
	}
	return append(w.out, 0xFF, markerEOI)
}
