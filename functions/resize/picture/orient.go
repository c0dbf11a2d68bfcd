package picture

import (
	"image"

	"github.com/disintegration/imaging"
)

// orient turns a stored picture as EXIF says it is to be seen.
func orient(img *image.NRGBA, orientation int) *image.NRGBA {
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

// stored maps a rectangle of the picture as seen, of that size, to the picture as stored.
func stored(r image.Rectangle, seen image.Point, orientation int) image.Rectangle {
	mirrorX := func() { r.Min.X, r.Max.X = seen.X-r.Max.X, seen.X-r.Min.X }
	mirrorY := func() { r.Min.Y, r.Max.Y = seen.Y-r.Max.Y, seen.Y-r.Min.Y }
	switch orientation {
	case 2:
		mirrorX()
	case 3:
		mirrorX()
		mirrorY()
	case 4:
		mirrorY()
	case 6:
		mirrorX()
	case 7:
		mirrorX()
		mirrorY()
	case 8:
		mirrorY()
	}
	if orientation >= 5 {
		return image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	return r
}
