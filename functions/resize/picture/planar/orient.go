package planar

// Orient returns p turned as EXIF orientation says it is to be seen: 2 mirrored left to right, 3 turned by half, 4 mirrored top to
// bottom, 5 mirrored so that rows become columns, 6 a quarter to the right, 7 as 5 and turned by half, 8 a quarter to the left.
// For 1, and for numbers that EXIF does not know, it returns p itself; else a new plane, with width and height exchanged from 5 on.
//
// p must keep to its invariants.
func Orient(p Plane, orientation int) Plane {
	if orientation < 2 || orientation > 8 {
		return p
	}
	if orientation < 5 {
		out := New(p.Width, p.Height)
		flip(out, p, orientation != 4, orientation != 2)
		return out
	}
	out := New(p.Height, p.Width)
	transpose(out, p, orientation == 6 || orientation == 7, orientation == 7 || orientation == 8)
	return out
}
