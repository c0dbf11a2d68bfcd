package scaledjpeg

import (
	"fmt"
	"slices"
	"testing"
)

// scripts are ways to bring all of a picture, and one that leaves something out.
var scripts = map[string][]pass{
	"libjpeg's": {
		{low: 1},
		{first: 1, last: 5, low: 2, only: 1},
		{first: 1, last: 63, low: 1, only: 3},
		{first: 1, last: 63, low: 1, only: 2},
		{first: 6, last: 63, low: 2, only: 1},
		{first: 1, last: 63, high: 2, low: 1, only: 1},
		{high: 1},
		{first: 1, last: 63, high: 1, only: 3},
		{first: 1, last: 63, high: 1, only: 2},
		{first: 1, last: 63, only: 4},
		{first: 1, last: 63, high: 1, only: 1},
	},
	"bands": {{}, {first: 1, last: 2}, {first: 3, last: 9}, {first: 10, last: 62}, {first: 63, last: 63}},
	"many bits": {
		{low: 3}, {first: 1, last: 63, low: 4}, {high: 3, low: 2}, {first: 1, last: 63, high: 4, low: 3},
		{first: 1, last: 63, high: 3, low: 2}, {high: 2, low: 1}, {high: 1}, {first: 1, last: 63, high: 2, low: 1},
		{first: 1, last: 63, high: 1},
	},
	"one by one": oneByOne(),
	"bands that meet": {
		{}, {first: 1, last: 30, low: 3}, {first: 31, last: 63, low: 1}, {first: 1, last: 30, high: 3, low: 2},
		{first: 1, last: 10, high: 2, low: 1}, {first: 11, last: 30, high: 2, low: 1}, {first: 1, last: 63, high: 1},
	},
	"AC first": {{first: 1, last: 63, low: 1}, {low: 1}, {high: 1}, {first: 1, last: 63, high: 1}},
	unfinished: {{low: 2}, {first: 1, last: 20, low: 2}, {first: 21, last: 40, low: 1, only: 1}, {high: 2, low: 1}, {first: 1, last: 20, high: 2, low: 1}},
}

const unfinished = "unfinished"

// oneByOne brings each coefficient in a scan of its own, and then the last bit of all.
func oneByOne() []pass {
	passes := []pass{{}}
	for k := 1; k < 64; k++ {
		passes = append(passes, pass{first: k, last: k, low: 1})
	}
	return append(passes, pass{first: 1, last: 63, high: 1})
}

// scripted gives s a script, without the passes that are about components that it has not.
func (s *sketch) scripted(script []pass) *sketch {
	s.passes = slices.DeleteFunc(slices.Clone(script), func(p pass) bool { return p.only > len(s.components) })
	return s
}

// A progressive file gives the very picture that a sequential one of the same coefficients does.
func TestDecode_progressive(t *testing.T) {
	for i, sampling := range samplings {
		for j, size := range sizes {
			for name, script := range scripts {
				s := newSketch(uint64(i*100+j), size[0], size[1], float64(j)/5, sampling...)
				s.restart, s.longestRun = []int{0, 2, 7}[(i+j)%3], []int{0, 1, 5}[j%3]
				s.apart = tooMany(sampling) || (i+j)%2 == 0
				name = fmt.Sprintf("%s %v %v restart %d", name, sampling, size, s.restart)
				checkProgressive(t, name, s, script)
			}
		}
	}
}

func checkProgressive(t *testing.T, name string, s *sketch, script []pass) {
	t.Helper()
	progressive := s.scripted(script).encode()
	for i := range s.components { // as far as the script brings it
		for index := range s.components[i].coefficients {
			s.components[i].coefficients[index] = s.sent(i, index)
		}
	}
	s.passes = nil
	sequential := s.encode()
	for _, sharp := range []bool{false, true} {
		d := Decoder{SharpChroma: sharp}
		for _, scale := range scales {
			want, err := d.Decode(sequential, scale)
			if err != nil {
				t.Fatalf("%s: sequential at %d/8: %v", name, scale, err)
			}
			got, err := d.Decode(progressive, scale)
			if err != nil {
				t.Errorf("%s: Decode at %d/8: %v", name, scale, err)
				continue
			}
			if !samePicture(got, want) {
				t.Errorf("%s: Decode at %d/8 is not the sequential picture", name, scale)
			}
			got.Release()
			want.Release()
		}
	}
}

// Large coefficients, of many bits, and divisors that make them as large as they may be.
func TestDecode_progressiveExtremes(t *testing.T) {
	for name, script := range scripts {
		checkProgressive(t, name, newDense(1, 64, 64, ycc444...), script)
	}
}

// newDense has blocks full of coefficients.
func newDense(seed uint64, width, height int, sampling ...Sampling) *sketch {
	s := newSketch(seed, width, height, 0, sampling...)
	for i := range s.components {
		for index := range s.components[i].coefficients {
			blk := &s.components[i].coefficients[index]
			blk[0] = 127 - 255*(index&1)
			for k := 1; k < 64; k++ {
				blk[k] = (1<<((index+10)%11) - 1) * (1 - 2*((k+index)>>3&1))
			}
		}
	}
	for k := range s.divisors {
		s.divisors[k] = uint16(16 + 16*(k&1))
	}
	return s
}

func TestDecode_vectorsAsScalar(t *testing.T) {
	var d Decoder
	for name, data := range sketches() {
		for _, scale := range scales {
			var scalar decoding
			scalar.reset(&d, scale)
			scalar.vectors = false
			if err := scalar.decode(data); err != nil {
				t.Fatalf("%s at %d/8: %v", name, scale, err)
			}
			got, err := d.Decode(data, scale)
			if err != nil {
				t.Fatalf("%s at %d/8: %v", name, scale, err)
			}
			if !samePicture(got, scalar.image()) {
				t.Errorf("%s at %d/8: vector code decodes another picture", name, scale)
			}
			got.Release()
		}
	}
}
