package scaledjpeg

import (
	"errors"
	"testing"
)

// Divisors so large that hardly any coefficient may have them are no fault, if none has.
func TestDecode_largeDivisors(t *testing.T) {
	for _, script := range [][]pass{nil, scripts["libjpeg's"]} {
		s := newSketch(1, 40, 40, 0.4, ycc420...)
		for k := 50; k < 64; k++ {
			s.divisors[k] = 60_000
		}
		for i := range s.components {
			for index := range s.components[i].coefficients {
				clear(s.components[i].coefficients[index][50:])
			}
		}
		s.scripted(script)
		if script == nil {
			s.passes = nil
		}
		var d Decoder
		checkSketch(t, &d, "large divisors", s, scales)
		s.components[1].coefficients[0][60] = 1
		if _, err := d.Decode(s.encode(), 8); !errors.Is(err, errRange) {
			t.Errorf("Decode of 1 times 60,000: %v, want %v", err, errRange)
		}
		checkSketch(t, &d, "large coefficient that is not read", s, []int{1, 2, 3, 4})
	}
}
