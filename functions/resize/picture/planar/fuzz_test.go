package planar

import (
	"math"
	"math/rand/v2"
	"testing"
)

// FuzzResize holds Resize to its bounds: it refuses or fills dst, within 1 of real numbers, and never writes between rows.
func FuzzResize(f *testing.F) {
	f.Add(uint16(50), uint16(37), uint16(26), uint16(19), 0.0, 0.0, 50.0, 37.0, byte(0), uint64(1))
	f.Add(uint16(97), uint16(61), uint16(31), uint16(20), 0.0, 0.0, 96.375, 60.5, byte(1), uint64(2))
	f.Add(uint16(1), uint16(900), uint16(3), uint16(2), 0.25, -0.5, 0.5, 900.25, byte(2), uint64(3))
	f.Add(uint16(900), uint16(2), uint16(1), uint16(200), 3.5, 1.0, 0.001, 1.0, byte(3), uint64(4))
	f.Add(uint16(0), uint16(2), uint16(0), uint16(1), math.NaN(), math.Inf(1), -1.0, 1e300, byte(9), uint64(5))
	f.Fuzz(func(t *testing.T, width, height, toX, toY uint16, x, y, w, h float64, filter byte, seed uint64) {
		const most = 1 << 11
		size := [4]int{int(width) % most, int(height) % most, int(toX) % most, int(toY) % most}
		if size[0]*size[1] > 1<<16 || size[2]*size[3] > 1<<16 {
			t.Skip("slow")
		}
		r := rand.New(rand.NewPCG(seed, 0))
		src, dst := fuzzPlane(r, size[0], size[1]), fuzzPlane(r, size[2], size[3])
		before := append([]byte(nil), dst.Pix...)
		window := Window{x, y, w, h}
		err := Resize(dst, src, window, Filter(filter))
		for i, v := range dst.Pix {
			if outside := i%dst.Stride >= dst.Width; (outside || err != nil) && v != before[i] {
				t.Fatalf("byte %d changed, which is not in the plane or after %v", i, err)
			}
		}
		if err != nil || dst.Empty() || size[0]*size[2]+size[1]*size[3] > 1<<15 {
			return
		}
		for i, want := range reference(dst, src, window, Filter(filter)) {
			got := float64(dst.Row(i / dst.Width)[i%dst.Width])
			if math.Abs(got-math.Round(want)) > 1 {
				t.Fatalf("sample %d is %v, want %v", i, got, want)
			}
		}
	})
}

// fuzzPlane is a plane of noise, or of black and white, that ends with its last sample.
func fuzzPlane(r *rand.Rand, width, height int) Plane {
	p := Plane{Stride: width + r.IntN(3) + 1, Width: width, Height: height}
	if !p.Empty() {
		p.Pix = make([]byte, (height-1)*p.Stride+width)
	}
	hard := r.IntN(2) == 0
	for i := range p.Pix {
		p.Pix[i] = byte(r.Uint32())
		if hard {
			p.Pix[i] = -(p.Pix[i] & 1)
		}
	}
	return p
}
