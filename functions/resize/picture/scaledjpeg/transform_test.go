package scaledjpeg

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

type transform func(pix []byte, stride int, blk *block)

// Vector code must give the bytes of the scalar code, also for coefficients that no picture has.
func TestTransform_asScalar(t *testing.T) {
	for name, pair := range map[string]struct {
		points         int
		vector, scalar transform
	}{"8": {8, transform8, transform8Scalar}, "4": {4, transform4, transform4Scalar}, "3": {3, transform3, transform3Scalar}} {
		random := rand.New(rand.NewPCG(3, 4))
		for i := range 200_000 {
			blk := drawCoefficients(random, i, pair.points*pair.points)
			if pair.points == 3 {
				blk = drawCoefficients(random, i, 12)
				blk[3], blk[7], blk[11] = 0, 0, 0
			}
			const stride = 11
			var got, want [8 * stride]byte
			pair.vector(got[:], stride, &blk)
			pair.scalar(want[:], stride, &blk)
			if !bytes.Equal(got[:], want[:]) {
				t.Fatalf("transform%s(%v)\n got %v\nwant %v", name, blk[:64], got, want)
			}
		}
	}
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
	for name, f := range map[string]transform{
		"8": transform8, "8-scalar": transform8Scalar, "4": transform4, "4-scalar": transform4Scalar,
		"3": transform3, "3-scalar": transform3Scalar, "2": transform2,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f(pix, 4096, &blk)
			}
		})
	}
}
