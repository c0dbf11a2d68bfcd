package picture

import "image"

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
