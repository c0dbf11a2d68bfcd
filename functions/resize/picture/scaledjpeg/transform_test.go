package scaledjpeg

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

type transform func(pix []byte, stride int, blk []int16, f *factors)

// Vector code must give the bytes of the scalar code, also for coefficients that no picture has.
func TestTransform_asScalar(t *testing.T) {
	for name, pair := range map[string]struct {
		points         int
		vector, scalar transform
	}{"8": {8, transform8, transform8Scalar}, "4": {4, transform4, transform4Scalar}, "3": {3, transform3, transform3Scalar}} {
		random := rand.New(rand.NewPCG(3, 4))
		for i := range 200_000 {
			blk := drawCoefficients(random, i, room(pair.points))
			f := drawFactors(random, pair.points)
			const stride = 11
			var got, want [8 * stride]byte
			pair.vector(got[:], stride, blk[:], &f)
			pair.scalar(want[:], stride, blk[:], &f)
			if !bytes.Equal(got[:], want[:]) {
				t.Fatalf("transform%s(%v) by %v\n got %v\nwant %v", name, blk[:64], f, got, want)
			}
		}
	}
}

// So must the vector code that paints several blocks of any scale, with or without AC coefficients.
func TestPaint_asScalar(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for i := range 20_000 {
		var got, want decoding
		var c [2]component
		points := [...]int{1, 2, 3, 4, 8}[random.IntN(5)]
		f := drawFactors(random, points)
		for j := range c {
			c[j] = component{points: points, factors: f, plane: Plane{Pix: make([]byte, 40*(points+1)), Stride: 40}}
			c[j].divisors[0] = f[0]
		}
		count := 1 + random.IntN(5)
		for j := range count {
			blk := drawCoefficients(random, i+j, room(points))
			blk[0] = int16(int32(blk[0]) / int32(max(1, f[0])))
			s := slot{component: &c[0], blk: blk[:], at: 8 * j, step: 13}
			if points > 1 {
				s.found = verdict(random.IntN(2))
			}
			got.slots[j] = s
			s.component = &c[1]
			want.slots[j] = s
		}
		got.vectors = hasVectors()
		got.paint(got.slots[:count])
		paintScalar(want.slots[:count])
		if !bytes.Equal(c[0].plane.Pix, c[1].plane.Pix) {
			t.Fatalf("paint at %d/8 of %d blocks\n got %v\nwant %v", points, count, c[0].plane.Pix, c[1].plane.Pix)
		}
		if got.slots[0].at != 13 {
			t.Fatalf("paint moves a block's place to %d, want 13", got.slots[0].at)
		}
	}
}

// drawFactors draws those of a transform, 0 where it reads no coefficient.
func drawFactors(random *rand.Rand, points int) (f factors) {
	largest := [...]int{1, 20, 255, 1<<16 - 1}[random.IntN(4)]
	for k := range 64 {
		if at := place(k, points); at != nowhere {
			f[at] = uint16(1 + random.IntN(largest))
		}
	}
	return f
}

func drawCoefficients(random *rand.Rand, i, count int) (blk block) {
	for k := range count {
		switch i % 5 {
		case 0: // any
			blk[k] = int16(random.Uint32())
		case 1: // extreme
			blk[k] = [...]int16{-1 << 15, 1<<15 - 1, 0, 1, -1}[random.IntN(5)]
		case 2: // of pictures
			blk[k] = int16(random.NormFloat64() * 500 / float64(1+k))
		case 3: // sparse
			if random.IntN(8) == 0 {
				blk[k] = int16(random.IntN(2048) - 1024)
			}
		case 4:
			blk[k] = int16(random.IntN(8192) - 4096)
		}
	}
	return blk
}

func BenchmarkTransform(b *testing.B) {
	blk := drawCoefficients(rand.New(rand.NewPCG(1, 1)), 2, 64)
	pix := make([]byte, 8*4096)
	f := drawFactors(rand.New(rand.NewPCG(1, 1)), 8)
	for name, transform := range map[string]transform{
		"8": transform8, "8-scalar": transform8Scalar, "4": transform4, "4-scalar": transform4Scalar,
		"3": transform3, "3-scalar": transform3Scalar, "2": transform2,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				transform(pix, 4096, blk[:], &f)
			}
		})
	}
}
