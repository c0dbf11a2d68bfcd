package baselinejpeg

import "testing"

// Every coefficient by every step is the quotient rounded to nearest, halves away from 0.
func TestQuantizer(t *testing.T) {
	for from := 1; from <= 255; from += 64 {
		var table [64]uint8
		for i := range table {
			table[i] = uint8(min(from+i, 255))
		}
		q := newQuantizer(&table)
		for at := range table {
			divisor := 8 * int32(table[at%8*8+at/8])
			for c := int32(0); c <= 1<<13+1; c++ {
				want := (c + divisor/2) / divisor
				if got := q.quantize(c, at); got != want {
					t.Fatalf("%d by %d = %d, want %d", c, divisor, got, want)
				}
				if got := q.quantize(-c, at); got != -want {
					t.Fatalf("%d by %d = %d, want %d", -c, divisor, got, -want)
				}
			}
		}
	}
}

// What libjpeg's jpeg_set_quality makes of the first and the last step of luma.
func TestSteps(t *testing.T) {
	for quality, want := range map[int][2]uint8{1: {255, 255}, 10: {80, 255}, 25: {32, 198}, 50: {16, 99}, 75: {8, 50}, 85: {5, 30}, 95: {2, 10}, 100: {1, 1}} {
		got := steps(&baseTables[0], quality)
		if got[0] != want[0] || got[63] != want[1] {
			t.Errorf("steps at quality %d begin with %d and end with %d, want %d and %d", quality, got[0], got[63], want[0], want[1])
		}
	}
}
