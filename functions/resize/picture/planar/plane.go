package planar

import (
	"errors"
	"fmt"
	"image"
)

// MaxSide is the largest width and height of a plane: the error bound of Resize holds up to here.
const MaxSide = 1 << 16

// Plane is Height rows of Width samples. Row y is Pix[y*Stride:][:Width].
//
// Stride is at least Width, and len(Pix) at least (Height-1)*Stride+Width, unless Width or Height is 0: such a plane is empty.
type Plane struct {
	Pix    []byte
	Stride int
	Width  int
	Height int
}

// New makes a plane of zeros without gaps between rows.
func New(width, height int) Plane {
	return Plane{Pix: make([]byte, width*height), Stride: width, Width: width, Height: height}
}

// Row is row y, without capacity beyond it. y must be in the plane.
func (p Plane) Row(y int) []byte {
	start := y * p.Stride
	return p.Pix[start : start+p.Width : start+p.Width]
}

// Empty says whether the plane has no samples.
func (p Plane) Empty() bool {
	return p.Width == 0 || p.Height == 0
}

// Crop is the part of p inside r. It shares Pix with p. What of r lies outside of p is left out.
func (p Plane) Crop(r image.Rectangle) Plane {
	r = r.Intersect(image.Rect(0, 0, p.Width, p.Height))
	if r.Empty() {
		return Plane{}
	}
	start := r.Min.Y*p.Stride + r.Min.X
	end := (r.Max.Y-1)*p.Stride + r.Max.X
	return Plane{Pix: p.Pix[start:end:end], Stride: p.Stride, Width: r.Dx(), Height: r.Dy()}
}

// check holds p to its invariants.
func (p Plane) check() error {
	switch {
	case p.Width < 0 || p.Height < 0 || p.Width > MaxSide || p.Height > MaxSide:
		return fmt.Errorf("size %d×%d is not within 0 to %d", p.Width, p.Height, MaxSide)
	case p.Empty():
		return nil
	case p.Stride < p.Width:
		return fmt.Errorf("stride %d is less than width %d", p.Stride, p.Width)
	case p.Stride > len(p.Pix) && p.Height > 1, len(p.Pix) < (p.Height-1)*p.Stride+p.Width:
		return errors.New("fewer samples than stride and size ask for")
	}
	return nil
}

func (p Plane) copyFrom(src Plane) {
	for y := range p.Height {
		copy(p.Row(y), src.Row(y))
	}
}
