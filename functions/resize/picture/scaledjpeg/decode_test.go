package scaledjpeg

import (
	"fmt"
	"testing"
)

var (
	scales = []int{1, 2, 3, 4, 8}

	gray   = []Sampling{{1, 1}}
	ycc444 = []Sampling{{1, 1}, {1, 1}, {1, 1}}
	ycc420 = []Sampling{{2, 2}, {1, 1}, {1, 1}}
	cmyk   = []Sampling{{1, 1}, {1, 1}, {1, 1}, {1, 1}}

	samplings = [][]Sampling{
		gray, {{2, 2}}, {{4, 3}},
		ycc444, ycc420,
		{{2, 1}, {1, 1}, {1, 1}},
		{{1, 2}, {1, 1}, {1, 1}},
		{{4, 1}, {1, 1}, {1, 1}},
		{{1, 4}, {1, 1}, {1, 1}},
		{{4, 2}, {1, 1}, {1, 1}},
		{{2, 4}, {1, 1}, {1, 1}},
		{{3, 1}, {1, 1}, {1, 1}},
		{{2, 2}, {2, 1}, {1, 2}},
		{{1, 1}, {2, 2}, {1, 2}},
		{{2, 1}, {2, 1}, {2, 1}},
		cmyk, {{2, 2}, {1, 1}, {1, 1}, {2, 2}},
		{{4, 4}, {1, 1}, {1, 1}}, // only apart: an MCU of 18 blocks
	}
	sizes = [][2]int{{1, 1}, {7, 9}, {16, 16}, {33, 17}, {65, 40}}
)

func TestDecode(t *testing.T) {
	var d Decoder
	for i, sampling := range samplings {
		for j, size := range sizes {
			for n, apart := range []bool{false, true} {
				if !apart && tooMany(sampling) {
					continue
				}
				s := newSketch(uint64(i*100+j), size[0], size[1], float64(j)/5, sampling...)
				s.restart, s.apart = []int{0, 1, 3}[(i+j+n)%3], apart
				name := fmt.Sprintf("%v %v restart %d apart %v", sampling, size, s.restart, apart)
				checkSketch(t, &d, name, s, scales)
			}
		}
	}
}

// tooMany reports whether the components do not fit in one scan.
func tooMany(sampling []Sampling) bool {
	blocks := 0
	for _, f := range sampling {
		blocks += f.Horizontal * f.Vertical
	}
	return len(sampling) > 1 && blocks > mostBlocks
}

func checkSketch(t *testing.T, d *Decoder, name string, s *sketch, scales []int) {
	t.Helper()
	data := s.encode()
	for _, scale := range scales {
		m, err := d.Decode(data, scale)
		if err != nil {
			t.Errorf("%s: Decode at %d/8: %v", name, scale, err)
			continue
		}
		if m.Width != divideUp(s.width*scale, 8) || m.Height != divideUp(s.height*scale, 8) || m.Components != len(s.components) {
			t.Errorf("%s: Decode at %d/8 = %d components of %d×%d", name, scale, m.Components, m.Width, m.Height)
		}
		for i := range s.components {
			if far := farthest(m.Planes[i], s.want(i, scale)); far < 0 || far > 1 {
				t.Errorf("%s: plane %d at %d/8 differs from the reference by %d, want at most 1", name, i, scale, far)
			}
		}
		m.Release()
	}
}

func TestDecode_sharpChroma(t *testing.T) {
	d := Decoder{SharpChroma: true}
	s := newSketch(1, 65, 33, 0.3, ycc420...)
	for scale, points := range map[int]int{1: 2, 2: 4, 3: 3, 4: 8, 8: 8} {
		m, err := d.Decode(s.encode(), scale)
		if err != nil {
			t.Fatalf("Decode at %d/8: %v", scale, err)
		}
		for i, points := range []int{scale, points, points} {
			if far := farthest(m.Planes[i], s.want(i, points)); far < 0 || far > 1 {
				t.Errorf("plane %d at %d/8 differs from that of %d points by %d, want at most 1", i, scale, points, far)
			}
		}
	}
}
