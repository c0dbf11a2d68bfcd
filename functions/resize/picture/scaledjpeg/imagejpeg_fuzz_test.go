package scaledjpeg

import (
	"bytes"
	"image/jpeg"
	"testing"
)

// FuzzAgainstImageJPEG wants the standard library's samples, within 2 levels, of every file that both decode.
func FuzzAgainstImageJPEG(f *testing.F) {
	for _, data := range sketches() {
		f.Add(data)
	}
	for i, sampling := range samplings {
		s := newSketch(uint64(20+i), 35, 20, 0.3, sampling...)
		s.apart, s.longestRun = tooMany(sampling), 1
		f.Add(s.encode())
		f.Add(s.scripted(scripts["libjpeg's"]).encode())
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.Clone(data)
		h, err := ReadHeader(data)
		if err != nil || h.Width*h.Height > 1<<18 || !tame(data) {
			return
		}
		decoded, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		m, err := d.Decode(data, 8)
		if err != nil {
			checkFuzzed(t, h, 8, m, err)
			return
		}
		defer m.Release()
		for i, want := range planesOf(decoded) {
			got := m.Planes[i]
			want.Width, want.Height = got.Width, got.Height
			if far := farthest(got, want); far > 2 {
				t.Errorf("plane %d differs from image/jpeg by %d, want at most 2", i, far)
			}
		}
	})
}

// tame makes the coefficients of a file as small as an encoder's, so that no transform overflows: image/jpeg's neither. It changes
// divisors and Huffman symbols, and says whether the scans leave it at that.
func tame(data []byte) bool {
	const mostLow = 2
	for at := 2; ; {
		s, err := nextSegment(data, at)
		if err != nil || s.marker == markerEOI {
			return true
		}
		at = s.end
		switch p := s.payload; {
		case s.marker == markerSOS && len(p) > 0 && p[len(p)-1]&15 > mostLow:
			return false
		case s.marker == markerDQT:
			tameDivisors(p)
		case s.marker == markerDHT:
			tameCodes(p)
		}
	}
}

// tameDivisors leaves 1 and 2.
func tameDivisors(p []byte) {
	for len(p) > 0 {
		wide := p[0]>>4 > 0
		n := 64
		if wide {
			n = 128
		}
		table := p[1:min(len(p), 1+n)]
		for i := range table {
			switch {
			case !wide, i%2 == 1:
				table[i] = 1 + table[i]&1
			default:
				table[i] = 0
			}
		}
		p = p[1+len(table):]
	}
}

// tameCodes leaves AC coefficients of up to 8 bits, and ends of band for one block: image/jpeg takes a run that is longer than its
// scan for one of the next scan too.
func tameCodes(p []byte) {
	const mostSize = 8
	for len(p) > 17 {
		count := 0
		for _, n := range p[1:17] {
			count += int(n)
		}
		symbols := p[17:min(len(p), 17+count)]
		for i, symbol := range symbols {
			switch size := symbol & 15; {
			case p[0]>>4 == 0:
			case size > mostSize:
				symbols[i] = symbol&0xF0 | symbol&7
			case size == 0 && symbol != zeroRun:
				symbols[i] = endOfBlock
			}
		}
		p = p[17+len(symbols):]
	}
}
