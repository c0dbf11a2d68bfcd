package main

import (
	"bytes"
	"image"
	"math"
	"testing"

	"github.com/gen2brain/webp"
)

func flat(width, height int, value float64) luma {
	l := luma{width, height, make([]float64, width*height)}
	for i := range l.pix {
		l.pix[i] = value
	}
	return l
}

func TestPSNR(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b luma
		want float64
	}{
		{"equal", flat(4, 4, 7), flat(4, 4, 7), math.Inf(1)},
		{"one level apart everywhere", flat(4, 4, 7), flat(4, 4, 8), 20 * math.Log10(255)},
		{"black against white", flat(3, 5, 0), flat(3, 5, 255), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := psnr(c.a, c.b)
			if err != nil || math.Abs(got-c.want) > 1e-9 && got != c.want {
				t.Errorf("psnr = %v, %v, want %v", got, err, c.want)
			}
		})
	}
	if _, err := psnr(flat(2, 2, 0), flat(2, 3, 0)); err == nil {
		t.Error("pictures of two sizes are compared")
	}
}

// The Y of a WebP has another range than that of a JPEG.
func TestDecodeLumaOfWebP(t *testing.T) {
	for _, want := range []uint8{0, 128, 255} {
		img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
		for i := range img.Pix {
			img.Pix[i] = want
			if i%4 == 3 {
				img.Pix[i] = 255
			}
		}
		var b bytes.Buffer
		if err := webp.Encode(&b, img, webp.Options{Quality: 100, Method: 0}); err != nil {
			t.Fatal(err)
		}
		got, err := decodeLuma(b.Bytes())
		if err != nil || math.Abs(got.pix[100]-float64(want)) > 1 {
			t.Errorf("luma of %d = %v, %v", want, got.pix[100], err)
		}
	}
}

func TestScaled(t *testing.T) {
	constant := flat(100, 80, 93).scaled(17, 13)
	for i, v := range constant.pix {
		if math.Abs(v-93) > 1e-9 {
			t.Fatalf("a constant picture gets %v at %d", v, i)
		}
	}
	ramp := luma{64, 1, make([]float64, 64)}
	for x := range ramp.pix {
		ramp.pix[x] = float64(x)
	}
	small := ramp.scaled(16, 1)
	for x := 3; x < 13; x++ { // away from the edges a ramp stays one, through the centres of the pixels
		if want := float64(x)*4 + 1.5; math.Abs(small.pix[x]-want) > 1e-6 {
			t.Errorf("ramp at %d is %v, want %v", x, small.pix[x], want)
		}
	}
	same := ramp.scaled(64, 1)
	for x, v := range same.pix {
		if math.Abs(v-ramp.pix[x]) > 1e-9 {
			t.Errorf("unscaled, %d becomes %v", x, v)
		}
	}
}
