//go:build amd64 || arm64

package vp8

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// The vector code gives the bytes of the scalar twins, and touches nothing beside.

func TestSmoothingTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const stride, height = 40, 40
	plane := func(spread int) []byte {
		p := make([]byte, stride*height)
		base := r.IntN(256)
		for i := range p {
			p[i] = clamp(base + r.IntN(2*spread+1) - spread)
		}
		return p
	}
	for i := range 6000 {
		spread := 1 << (i % 8)
		limits := &thresholds{edge: uint8(1 + r.IntN(189)), interior: uint8(1 + r.IntN(63)), high: uint8(r.IntN(3))}
		edges := uint(r.IntN(8))
		luma, cb, cr := plane(spread), plane(spread), plane(spread)
		wantLuma, wantCb, wantCr := bytes.Clone(luma), bytes.Clone(cb), bytes.Clone(cr)
		const at = 12*stride + 12
		smoothLuma(place{luma, at, stride}, limits, edges)
		smoothLumaScalar(place{wantLuma, at, stride}, limits, edges)
		smoothChroma(place{cb, at, stride}, place{cr, at, stride}, limits, edges)
		smoothChromaScalar(place{wantCb, at, stride}, place{wantCr, at, stride}, limits, edges)
		if !bytes.Equal(luma, wantLuma) {
			t.Fatalf("luma differs: %+v, edges %b, spread %d", *limits, edges, spread)
		}
		if !bytes.Equal(cb, wantCb) || !bytes.Equal(cr, wantCr) {
			t.Fatalf("chroma differs: %+v, edges %b, spread %d", *limits, edges, spread)
		}
	}
}

// noisyWork is a work of any samples, and tame coefficients.
func noisyWork(r *rand.Rand, most int) (w work, c coefficients) {
	for i := range w {
		w[i] = byte(r.Uint32())
	}
	for i := range c {
		if r.IntN(3) == 0 {
			c[i] = int16(r.IntN(2*most+1) - most)
		}
	}
	return w, c
}

func TestTransformTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for i := range 4000 {
		_, got := noisyWork(r, 1+mostTame>>(i%12))
		if i%5 == 0 { // the largest sums
			for j := range got {
				got[j] = int16(mostTame * (2*r.IntN(2) - 1))
			}
		}
		want := got
		found := uint(r.IntN(64))
		got.transform(found)
		want.transformScalar(found)
		if got != want {
			t.Fatalf("bands %b differ", found)
		}
	}
}

func TestPredictionTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 4000 {
		w, c := noisyWork(r, []int{5, 300, 1<<15 - 1}[i%3])
		var blocks [16]uint8
		for j := range blocks {
			blocks[j] = uint8(r.IntN(modes))
		}
		for name, twins := range map[string][2]func(*work){
			"subblocks":       {func(w *work) { w.predictSubblocks(&blocks, &c) }, func(w *work) { w.subblocksScalar(&blocks, &c) }},
			"luma gradient":   {(*work).gradientLuma, (*work).gradientLumaScalar},
			"chroma gradient": {(*work).gradientChroma, (*work).gradientChromaScalar},
			"luma sum":        {func(w *work) { w.addLuma(&c) }, func(w *work) { w.add(lumaAt, 16, 16, c[:]) }},
			"chroma sum":      {func(w *work) { w.addChroma(&c) }, func(w *work) { w.add(chromaAt, 16, 8, c[4*bandCoefficients:]) }},
		} {
			got, want := w, w
			twins[0](&got)
			twins[1](&want)
			if got != want {
				t.Fatalf("%s differs, modes %v", name, blocks)
			}
		}
	}
}

func TestStretchTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for n := range 200 {
		from := make([]byte, n+8)
		for i := range from {
			from[i] = byte(r.Uint32())
		}
		for plane, twins := range [2][2]func([]byte){{stretchLuma, stretchLumaScalar}, {stretchChroma, stretchChromaScalar}} {
			got, want := bytes.Clone(from), bytes.Clone(from)
			twins[0](got[:n])
			twins[1](want[:n])
			if !bytes.Equal(got, want) {
				t.Fatalf("%d samples of plane %d differ", n, plane)
			}
		}
	}
}

// Tokens are read from noise, to the end of it and beyond.
func TestTokenTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 600 {
		data := make([]byte, r.IntN(120))
		for j := range data {
			data[j] = byte(r.Uint32())
		}
		var table odds
		for a := range table {
			for b := range table[a] {
				for c := range table[a][b] {
					table[a][b][c] = uint8(r.Uint32()) | uint8(r.IntN(2)*(i%2)*0xf0)
				}
			}
		}
		factors := &[2]int32{int32(4 + r.IntN(150)), int32(4 + r.IntN(280))}
		got, want := newPartition(data), newPartition(data)
		got.flag()
		want.flag()
		for range 8 {
			side, first := 1+r.IntN(4), r.IntN(2)
			var c, wantC coefficients
			var left, above, wantLeft, wantAbove [4]uint8
			for j := range left {
				left[j], above[j] = uint8(r.IntN(2)), uint8(r.IntN(2))
			}
			wantLeft, wantAbove = left, above
			var peak, wantPeak int32
			found := got.readBlocks(&table, first, factors, left[:], above[:], c[:], side, &peak)
			wantFound := want.readBlocksScalar(&table, first, factors, wantLeft[:], wantAbove[:], wantC[:], side, &wantPeak)
			if c != wantC || found != wantFound || peak != wantPeak || left != wantLeft || above != wantAbove {
				t.Fatalf("square of %d blocks from %d bytes differs", side, len(data))
			}
			if got.used() != want.used() || got.span != want.span || got.check() != want.check() {
				t.Fatalf("used %d, range %d, want %d, %d", got.used(), got.span, want.used(), want.span)
			}
		}
	}
}
