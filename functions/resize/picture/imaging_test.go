package picture

import (
	"image"
	"testing"

	"github.com/disintegration/imaging"
)

// byImaging is another opinion of what a variant looks like: pixels of the standard library's codecs, cut, resized and turned by
// disintegration/imaging.
func byImaging(t *testing.T, source []byte, v Variant, format Format) image.Image {
	t.Helper()
	info, err := Inspect(source, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	img, err := decode(source, info)
	if err != nil {
		t.Fatal(err)
	}
	p := newPlan(image.Pt(info.Width, info.Height), v)
	crop, size := p.asStored(info)
	out := imaging.Resize(imaging.Crop(img, crop), size.X, size.Y, imaging.Lanczos)
	return finish(turnedByImaging(out, info.Orientation), p, v.background(), format, nil)
}

func turnedByImaging(img *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6:
		return imaging.Rotate270(img) // counter-clockwise: a quarter to the right
	case 7:
		return imaging.Transverse(img)
	case 8:
		return imaging.Rotate90(img)
	}
	return img
}
