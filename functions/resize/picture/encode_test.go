package picture

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"
)

// A JPEG is gray if all its pixels are, unless they must not be; else its chroma is halved both ways.
func TestEncodeJPEGSampling(t *testing.T) {
	colour, gray := noise(21, 13), image.NewNRGBA(image.Rect(0, 0, 21, 13))
	for i := range gray.Pix {
		gray.Pix[i] = byte(i / 4)
		if i%4 == 3 {
			gray.Pix[i] = 255
		}
	}
	cases := map[string]struct {
		img  image.Image
		gray bool
	}{
		"colour":         {colour, false},
		"gray":           {gray, true},
		"gray as colour": {inColour(gray), false},
		"gray plane":     {image.NewGray(gray.Rect), true},
		"planes":         {image.NewYCbCr(gray.Rect, image.YCbCrSubsampleRatio420), false},
	}
	for name, c := range cases {
		file, err := encode(c.img, JPEG, 90)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		img, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil || img.Bounds() != gray.Rect {
			t.Fatalf("%s: %v, %v", name, img, err)
		}
		switch m := img.(type) {
		case *image.Gray:
			if !c.gray {
				t.Errorf("%s is gray", name)
			}
		case *image.YCbCr:
			if c.gray || m.SubsampleRatio != image.YCbCrSubsampleRatio420 {
				t.Errorf("%s is of %v, want gray %t", name, m.SubsampleRatio, c.gray)
			}
		}
	}
}
