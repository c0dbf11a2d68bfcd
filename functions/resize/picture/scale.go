package picture

import (
	"image"

	"github.com/disintegration/imaging"
)

// scale cuts and resizes with a Lanczos window of 3 samples, alpha weighted, into a new picture. img is what plain returned.
//
// The axis with the smaller picture in between goes first. That is at most about the larger of source and output, because the
// product of the two candidates is the product of source and output: limits on these two limit the memory here too.
func scale(img image.Image, crop image.Rectangle, size image.Point) *image.NRGBA {
	img = cut(img, crop)
	acrossFirst, downFirst := size.X*crop.Dy(), crop.Dx()*size.Y
	if downFirst < acrossFirst/2 { // going across is kinder to the cache: only for a gain that shows
		img = imaging.Resize(img, crop.Dx(), size.Y, imaging.Lanczos)
	}
	return imaging.Resize(img, size.X, size.Y, imaging.Lanczos)
}

func cut(img image.Image, crop image.Rectangle) image.Image {
	if crop == img.Bounds() {
		return img
	}
	switch m := img.(type) {
	case *image.YCbCr:
		return m.SubImage(crop)
	case *image.Gray:
		return m.SubImage(crop)
	case *image.NRGBA:
		return m.SubImage(crop)
	}
	return img
}
