package baselinejpeg

import (
	"image"
	"testing"

	"mapfleet/functions/resize/picture/guardpage"
)

// Pictures that start or end at a page which must not be touched are read no further.
func TestAppendReadsNothingBeyond(t *testing.T) {
	var e Encoder
	for width := 1; width <= 70; width++ {
		for _, height := range []int{1, 7, 8, 9, 24} {
			for _, atEnd := range []bool{false, true} {
				m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
				m.Y, m.Cb, m.Cr = guardpage.Bytes(t, len(m.Y), atEnd), guardpage.Bytes(t, len(m.Cb), atEnd), guardpage.Bytes(t, len(m.Cr), atEnd)
				encoded(t, &e, m, 80)
				rgb := image.NewNRGBA(image.Rect(0, 0, width, height))
				rgb.Pix = guardpage.Bytes(t, len(rgb.Pix), atEnd)
				FromRGB(rgb)
			}
		}
	}
}
