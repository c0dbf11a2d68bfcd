package planar

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestVectorColumnsEqualScalar(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for width := 1; width <= 200; width++ {
		for _, taps := range []int{1, 2, 3, 6, 7, 12, 13, 31} {
			for _, bits := range []uint{14, 15, 17, 22} {
				stride := width + r.IntN(3)
				pix := make([]byte, (taps-1)*stride+width)
				coefs := make([]int16, taps+taps&1)
				extreme := r.IntN(2) == 0
				for i := range pix {
					pix[i] = byte(r.Uint32())
					if extreme {
						pix[i] = byte(r.Int32N(2) * 255)
					}
				}
				for i := range coefs[:taps] {
					coefs[i] = int16((r.Float64()*2 - 1) * min(32767, reach*float64(int(1)<<bits)/float64(taps)))
				}
				got, want := make([]int16, width), make([]int16, width)
				columns(got, slices.Clip(pix), stride, coefs, taps, bits)
				columnsScalar(want, pix, stride, coefs, taps, bits)
				if !slices.Equal(got, want) {
					t.Fatalf("width %d, %d taps, %d bits: vectors give %v, want %v", width, taps, bits, got, want)
				}
			}
		}
	}
}

func TestVectorRowsEqualScalar(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	eachKernel(t, func(d direction, k *kernel) {
		if !d.across || k.wide != nil {
			return
		}
		sums := make([]int16, k.high-k.low+1+k.pitch)
		for i := range sums {
			sums[i] = int16(r.IntN(2*32640+1) - 32640)
			if d.outputs%2 == 1 {
				sums[i] = int16((r.IntN(2)*2 - 1) * 32640)
			}
		}
		got, want := make([]byte, d.outputs), make([]byte, d.outputs)
		rows(got, sums, k)
		rowsScalar(want, sums, k)
		if !bytes.Equal(got, want) {
			t.Fatalf("%+v: vectors and scalar differ", d)
		}
	})
}
