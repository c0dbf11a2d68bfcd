package planar

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
)

// MaxChannels is how many samples a pixel may have.
const MaxChannels = 4

// Pixels is Height rows of Width pixels, each of Channels samples one behind the other. Row y is Pix[y*Stride:][:Width*Channels].
//
// Stride is at least Width*Channels, and len(Pix) at least (Height-1)*Stride+Width*Channels, unless Width or Height is 0.
type Pixels struct {
	Pix      []byte
	Stride   int
	Width    int
	Height   int
	Channels int
}

// Row is row y, without capacity beyond it. y must be in the picture.
func (p Pixels) Row(y int) []byte {
	start, n := y*p.Stride, p.Width*p.Channels
	return p.Pix[start : start+n : start+n]
}

// ResizePixels makes plane c of sample c of the pixels that the window, counted in pixels, shows: the bytes that Resize makes of
// planes which Split has taken apart, without them. Samples that dst has no plane for are left out. Memory beside dst and src is one
// row of src, twice.
//
// All of dst have one size. Errors are those of Resize.
func ResizePixels(dst []Plane, src Pixels, window Window, filter Filter) error {
	outline, err := src.checkAll(dst, window, filter)
	if err != nil || len(dst) == 0 || dst[0].Empty() {
		return err
	}
	if r, ok := window.exact(outline); ok && r.Dx() == dst[0].Width && r.Dy() == dst[0].Height {
		src.split(dst, r)
		return nil
	}
	down := kernels.kernel(direction{
		size: src.Height, outputs: dst[0].Height, offset: window.Y, extent: window.Height, filter: filter,
	})
	across := kernels.kernel(direction{
		across: true, size: src.Width, outputs: dst[0].Width, offset: window.X, extent: window.Width, filter: filter,
	})
	columns := across.high - across.low + 1
	m := middles.Get().(*middle)
	defer middles.Put(m)
	sums := m.row(columns*src.Channels + columns + across.pitch)
	all, one := sums[:columns*src.Channels], sums[columns*src.Channels:]
	for y := range dst[0].Height {
		down.column(all, outline, across.low*src.Channels, y)
		for c, p := range dst {
			pick(one[:columns], all, c, src.Channels)
			across.row(p.Row(y), one)
		}
	}
	return nil
}

// checkAll returns the pixels as a plane of whole pixels: its width counts these, and its rows hold more bytes than that.
func (p Pixels) checkAll(dst []Plane, window Window, filter Filter) (outline Plane, err error) {
	outline = Plane{Pix: p.Pix, Stride: p.Stride, Width: p.Width, Height: p.Height}
	if p.Channels < 1 || p.Channels > MaxChannels || len(dst) > p.Channels {
		return outline, fmt.Errorf("resize: %d planes of %d channels: must be 1 to %d, and no more planes than channels", len(dst), p.Channels, MaxChannels)
	}
	for _, d := range dst {
		if d.Width != dst[0].Width || d.Height != dst[0].Height {
			return outline, errors.New("resize: destinations of several sizes")
		}
		if err := checkAll(d, outline, window, filter); err != nil {
			return outline, err
		}
	}
	if row := p.Width * p.Channels; !outline.Empty() && (p.Stride < row || len(p.Pix) < (p.Height-1)*p.Stride+row) {
		return outline, errors.New("resize: source: fewer samples than stride and size ask for")
	}
	return outline, nil
}

// split copies the pixels of r.
func (p Pixels) split(dst []Plane, r image.Rectangle) {
	for y := range r.Dy() {
		row := p.Row(r.Min.Y + y)[r.Min.X*p.Channels:]
		for c, d := range dst {
			pick(d.Row(y), row, c, p.Channels)
		}
	}
}

// pick takes every n-th of from, beginning with the one at c.
func pick[T byte | int16](to, from []T, c, n int) {
	for x, at := 0, c; x < len(to); x, at = x+1, at+n {
		to[x] = from[at]
	}
}

// PremultiplyPixels multiplies the first three samples of each pixel by the fourth, in place, as Premultiply does. p must have four
// channels and keep to its invariants.
func PremultiplyPixels(p Pixels) {
	for y := range p.Height {
		row := p.Row(y)
		for ; len(row) >= 4; row = row[4:] {
			v := binary.LittleEndian.Uint32(row)
			switch a := v >> 24; a {
			case 255:
			case 0:
				binary.LittleEndian.PutUint32(row, 0)
			default:
				const pairs = 0x00ff00ff // two samples side by side
				redBlue := v&pairs*a + 0x00800080
				redBlue = (redBlue + redBlue>>8&pairs) >> 8 & pairs
				green := v>>8&255*a + 128
				green = (green + green>>8) >> 8
				binary.LittleEndian.PutUint32(row, redBlue|green<<8|a<<24)
			}
		}
	}
}
