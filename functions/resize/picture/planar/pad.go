package planar

import "image"

// Pad fills dst with value and copies src to it with its top left corner at position. What falls outside of dst is left out.
//
// Both must keep to their invariants and must not share samples.
func Pad(dst, src Plane, position image.Point, value byte) {
	inside := image.Rect(0, 0, src.Width, src.Height).Add(position).Intersect(image.Rect(0, 0, dst.Width, dst.Height))
	if inside.Empty() {
		inside = image.Rectangle{}
	}
	for y := range dst.Height {
		row := dst.Row(y)
		if y < inside.Min.Y || y >= inside.Max.Y {
			fill(row, value)
			continue
		}
		fill(row[:inside.Min.X], value)
		copy(row[inside.Min.X:inside.Max.X], src.Row(y - position.Y)[inside.Min.X-position.X:])
		fill(row[inside.Max.X:], value)
	}
}

func fill(row []byte, value byte) {
	for i := range row {
		row[i] = value
	}
}
