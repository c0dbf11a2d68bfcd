package baselinejpeg

import (
	"math"
	"math/rand/v2"
	"testing"
)

// drawSamples fills samples in one of several ways.
func drawSamples(random *rand.Rand, kind int, pix []byte) {
	for i := range pix {
		switch kind % 6 {
		case 0: // noise
			pix[i] = byte(random.Uint32())
		case 1: // extreme
			pix[i] = byte(random.IntN(2) * 255)
		case 2: // nearly even
			pix[i] = byte(100 + random.IntN(3))
		case 3: // of pictures
			pix[i] = byte(min(max(128+60*math.Sin(float64(i)/37)+random.NormFloat64()*10, 0), 255))
		case 4:
			pix[i] = byte(kind / 6 % 2 * 255)
		case 5: // stripes, checks
			pix[i] = byte((i>>(kind/6%4) ^ i>>(4+kind/24%4)) & 1 * 255)
		}
	}
}

// Vector code must give the coefficients and masks of the scalar code.
func TestTransform_asScalar(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		table := steps(&baseTables[i%2], 1+random.IntN(100))
		q := newQuantizer(&table)
		pairs := 1 + i%3
		stride := 16*pairs + random.IntN(3)
		pix := make([]byte, 7*stride+16*pairs)
		drawSamples(random, i, pix)
		got, want := make([]block, 2*pairs), make([]block, 2*pairs)
		gotMasks, wantMasks := make([]uint64, 2*pairs), make([]uint64, 2*pairs)
		transform(got, gotMasks, pix, stride, &q)
		transformScalar(want, wantMasks, pix, stride, &q)
		for j := range want {
			if got[j] != want[j] || gotMasks[j] != wantMasks[j] {
				t.Fatalf("transform of %d by %v, block %d\n got %v %x\nwant %v %x", pix, table, j, got[j], gotMasks[j], want[j], wantMasks[j])
			}
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	table := steps(&baseTables[0], 85)
	q := newQuantizer(&table)
	pix := make([]byte, 8*256)
	drawSamples(rand.New(rand.NewPCG(1, 2)), 3, pix)
	var blocks [32]block
	var masks [32]uint64
	for name, f := range map[string]func([]block, []uint64, []byte, int, *quantizer){"vector": transform, "scalar": transformScalar} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f(blocks[:], masks[:], pix, 256, &q)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/32, "ns/block")
		})
	}
}

// Coefficients are those of the definition (T.81 A.3.3), nearly.
func TestTransform_asDefined(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	ones := steps(&baseTables[0], 100)
	q := newQuantizer(&ones)
	worst, sum, count := 0.0, 0.0, 0
	for i := range 400 {
		var pix [64]byte
		drawSamples(random, i, pix[:])
		blk, _ := transformed(&pix, &q)
		for k, at := range zigzag {
			apart := math.Abs(float64(blk[k]) - coefficient(&pix, int(at%8), int(at/8)))
			worst = max(worst, apart)
			sum += apart * apart
			count++
		}
	}
	if worst > 0.75 {
		t.Errorf("a coefficient is off by %.3f, want 0.75 at most, of which rounding is 0.5", worst)
	}
	if mean := sum / float64(count); mean > 0.085 {
		t.Errorf("coefficients are off by %.4f in the mean square, want 0.085 at most, of which rounding is 0.0833", mean)
	}
}

// Samples that follow the signs of a basis function make its coefficient as large as it gets: tokens know 10 bits of AC.
func TestTransform_extremes(t *testing.T) {
	ones := steps(&baseTables[0], 100)
	q := newQuantizer(&ones)
	for k, at := range zigzag {
		for _, high := range []bool{false, true} {
			var pix [64]byte
			for i := range pix {
				if positive := basis(i%8, int(at%8))*basis(i/8, int(at/8)) > 0; positive == high {
					pix[i] = 255
				}
			}
			blk, mask := transformed(&pix, &q)
			if most := int16(1023); k > 0 && (blk[k] > most || blk[k] < -most) {
				t.Errorf("coefficient %d = %d, want %d at most", k, blk[k], most)
			}
			if k == 0 && blk[0] != 1016 && blk[0] != -1024 {
				t.Errorf("DC of one level = %d, want -1024 or 1016", blk[0])
			}
			if k > 0 && mask>>k&1 == 0 {
				t.Errorf("coefficient %d = %d is not in mask %x", k, blk[k], mask)
			}
		}
	}
}

// transformed is one block by the vector code, if there is.
func transformed(pix *[64]byte, q *quantizer) (block, uint64) {
	var blocks [2]block
	var masks [2]uint64
	var wide [8 * 16]byte
	for y := range 8 {
		copy(wide[16*y:], pix[8*y:][:8])
	}
	transform(blocks[:], masks[:], wide[:], 16, q)
	return blocks[0], masks[0]
}

func coefficient(pix *[64]byte, u, v int) (sum float64) {
	for i, p := range pix {
		sum += (float64(p) - 128) * basis(i%8, u) * basis(i/8, v)
	}
	return sum
}

func basis(x, u int) float64 {
	if u == 0 {
		return math.Sqrt2 / 4
	}
	return math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
}
