package baselinejpeg

import (
	"bytes"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

func drawPixels(random *rand.Rand, width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	kind := random.IntN(4)
	for i := range m.Pix {
		m.Pix[i] = byte(random.Uint32())
		if kind == 0 {
			m.Pix[i] = byte(random.IntN(2) * 255)
		}
	}
	return m
}

// Luma is that of the standard library; chroma is that of the mean of four pixels, not rounded before.
func TestFromRGB(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, size := range []image.Point{{1, 1}, {2, 2}, {1, 5}, {5, 1}, {16, 3}, {17, 4}, {31, 2}, {100, 9}} {
		m := drawPixels(random, size.X, size.Y)
		got := FromRGB(m)
		if got.Rect != m.Rect || got.SubsampleRatio != image.YCbCrSubsampleRatio420 {
			t.Fatalf("FromRGB(%v) is of %v, %v", m.Rect, got.Rect, got.SubsampleRatio)
		}
		for y := range size.Y {
			for x := range size.X {
				p := m.NRGBAAt(x, y)
				if want, _, _ := color.RGBToYCbCr(p.R, p.G, p.B); got.Y[got.YOffset(x, y)] != want {
					t.Errorf("%v: luma at %d,%d of %v = %d, want %d", size, x, y, p, got.Y[got.YOffset(x, y)], want)
				}
			}
		}
		for y := 0; y < size.Y; y += 2 {
			for x := 0; x < size.X; x += 2 {
				cb, cr := meanChroma(m, x, y)
				at := got.COffset(x, y)
				if !near(got.Cb[at], cb) || !near(got.Cr[at], cr) {
					t.Errorf("%v: chroma at %d,%d = %d, %d, want %.2f, %.2f", size, x, y, got.Cb[at], got.Cr[at], cb, cr)
				}
			}
		}
	}
}

func meanChroma(m *image.NRGBA, x, y int) (cb, cr float64) {
	for _, at := range []image.Point{{x, y}, {x + 1, y}, {x, y + 1}, {x + 1, y + 1}} {
		p := m.NRGBAAt(min(at.X, m.Rect.Max.X-1), min(at.Y, m.Rect.Max.Y-1))
		r, g, b := float64(p.R), float64(p.G), float64(p.B)
		cb += (128 - 0.168735892*r - 0.331264108*g + 0.5*b) / 4
		cr += (128 + 0.5*r - 0.418687589*g - 0.081312411*b) / 4
	}
	return min(cb, 255), min(cr, 255)
}

// near says whether got is want rounded, by factors of 14 bits.
func near(got byte, want float64) bool {
	d := float64(got) - want
	return d > -0.53 && d < 0.53
}

// Vector code must give the samples of the scalar code.
func TestConvert_asScalar(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for width := 1; width <= 100; width++ {
		m := drawPixels(random, width, 2)
		make6 := func() rows {
			half := (width + 1) / 2
			return rows{make([]byte, width), make([]byte, width), make([]byte, half), make([]byte, half), m.Pix[:4*width], m.Pix[m.Stride:]}
		}
		got, want := make6(), make6()
		got.convert()
		want.convertScalar()
		for i, pair := range [][2][]byte{{got.luma0, want.luma0}, {got.luma1, want.luma1}, {got.cb, want.cb}, {got.cr, want.cr}} {
			if !bytes.Equal(pair[0], pair[1]) {
				t.Fatalf("convert of %d pixels, row %d of 4\n got %v\nwant %v", width, i, pair[0], pair[1])
			}
		}
	}
}
