package picture

import (
	"image"
	"math"
)

// VP8 knows the studio range only: luma from 16 to 235, chroma 112 to either side of 128 (RFC 6386, section 9.2, by ITU-R BT.601).
// JPEG and image.YCbCr use all of a byte, with the same matrix.

// fullRange stretches, in place, the samples of a picture that x/image/webp returns as image.YCbCr although they are of the studio
// range (https://go.dev/issue/40173). Untreated, black would come out as gray.
func fullRange(img image.Image) {
	var m *image.YCbCr
	switch lossy := img.(type) {
	case *image.YCbCr:
		m = lossy
	case *image.NYCbCrA:
		m = &lossy.YCbCr
	default:
		return // lossless: RGB
	}
	luma, chroma := fromStudio()
	remap(m.Y, &luma)
	remap(m.Cb, &chroma)
	remap(m.Cr, &chroma)
}

func remap(samples []byte, table *[256]byte) {
	for i, s := range samples {
		samples[i] = table[s]
	}
}

func toStudio() (luma, chroma [256]byte) {
	return linear(0, 16, 219.0/255), linear(128, 128, 224.0/255)
}

func fromStudio() (luma, chroma [256]byte) {
	return linear(16, 0, 255.0/219), linear(128, 128, 255.0/224)
}

// linear is the table that takes from to to and the steps beside it to slope as many, within a byte.
func linear(from, to int, slope float64) (table [256]byte) {
	for i := range table {
		table[i] = byte(max(0, min(255, to+int(math.Round(float64(i-from)*slope)))))
	}
	return table
}
