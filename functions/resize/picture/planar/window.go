package planar

import (
	"fmt"
	"image"
	"math"
)

// Window is a rectangle of a source plane in fractions of a sample: sample (0, 0) covers 0 to 1, its centre is at 0.5.
//
// The planes of a picture seldom have the same edges: a 4:2:0 chroma plane of a picture 375 high has 188 rows and stands for 187.5,
// a picture decoded at 3/8 has a last column that is partly picture. A window says which part is meant.
type Window struct {
	X, Y, Width, Height float64
}

// Whole is the window of all of p.
func Whole(p Plane) Window {
	return Window{Width: float64(p.Width), Height: float64(p.Height)}
}

// minExtent is the least width and height of a window, in samples.
const minExtent = 1.0 / 1024

// slack is what a window may miss a sample's edge by and still end there.
const slack = 1e-6

// check refuses what is not a window of src, or reaches out of it by more than a sample.
func (w Window) check(src Plane) error {
	if !fits(w.X, w.Width, src.Width) || !fits(w.Y, w.Height, src.Height) {
		return fmt.Errorf("%v by %v at (%v, %v) is not in a plane of %d×%d", w.Width, w.Height, w.X, w.Y, src.Width, src.Height)
	}
	return nil
}

// fits is false for every NaN.
func fits(offset, extent float64, size int) bool {
	return extent >= minExtent && offset >= -1 && offset+extent <= float64(size)+1
}

// samples is the range, first to last, that a window covers, in part or in full. Nothing else is read.
func samples(offset, extent float64, size int) (first, last int) {
	first = int(math.Floor(offset + slack))
	last = int(math.Ceil(offset+extent-slack)) - 1
	first = min(max(first, 0), size-1)
	return first, min(max(last, first), size-1)
}

// exact is the rectangle of whole samples that w is, if it is one inside of src.
func (w Window) exact(src Plane) (image.Rectangle, bool) {
	x, y, width, height := int(w.X), int(w.Y), int(w.Width), int(w.Height)
	r := image.Rect(x, y, x+width, y+height)
	same := w == Window{X: float64(x), Y: float64(y), Width: float64(width), Height: float64(height)}
	return r, same && r.In(image.Rect(0, 0, src.Width, src.Height))
}
