package compactpng

import (
	"errors"
	"fmt"
	"image"
	"image/color"
)

// Colour types (PNG, third edition, 11.2.1).
const (
	gray     = 0
	rgb      = 2
	indexed  = 3
	rgbAlpha = 6
)

// layout is how a picture is written.
type layout struct {
	width, height int
	depth         int // bits of a sample
	colours       byte
	channels      int
	palette       color.Palette // of indexed ones

	pix    []byte // the picture's, from its first pixel on
	stride int
	step   int // bytes of a pixel there
}

// mostPixels is so few that a chunk, of up to 2 GiB, holds them at four bytes each even if nothing can be compressed.
const mostPixels = 400_000_000

var errIndex = errors.New("a picture with an index that its palette does not have")

func layOut(m image.Image) (layout, error) {
	size := m.Bounds().Size()
	l := layout{width: size.X, height: size.Y, depth: 8, channels: 1, step: 1}
	if size.X <= 0 || size.Y <= 0 || size.X > mostPixels/size.Y {
		return l, fmt.Errorf("a picture of %d x %d pixels: 1 to %d are wanted", size.X, size.Y, mostPixels)
	}
	switch m := m.(type) {
	case *image.Gray:
		l.colours, l.stride = gray, m.Stride
		l.pix = m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):]
	case *image.Paletted:
		if len(m.Palette) == 0 || len(m.Palette) > 256 {
			return l, fmt.Errorf("a palette of %d colours", len(m.Palette))
		}
		l.colours, l.stride, l.palette, l.depth = indexed, m.Stride, m.Palette, depthOf(len(m.Palette))
		l.pix = m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):]
	case *image.NRGBA:
		l.colours, l.stride, l.channels, l.step = rgbAlpha, m.Stride, 4, 4
		l.pix = m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):]
		if m.Opaque() {
			l.colours, l.channels = rgb, 3
		}
	case *image.RGBA:
		if !m.Opaque() {
			return l, errors.New("a picture multiplied by alpha")
		}
		l.colours, l.stride, l.channels, l.step = rgb, m.Stride, 3, 4
		l.pix = m.Pix[m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y):]
	default:
		return l, fmt.Errorf("a picture of the layout %T", m)
	}
	return l, nil
}

// depthOf is how many bits an index into so many colours has.
func depthOf(colours int) int {
	switch {
	case colours <= 2:
		return 1
	case colours <= 4:
		return 2
	case colours <= 16:
		return 4
	}
	return 8
}

func (l *layout) rowBytes() int { return (l.width*l.channels*l.depth + 7) / 8 }

// row writes the samples of row y as the file has them.
func (l *layout) row(to []byte, y int) error {
	from := l.pix[y*l.stride:][:l.width*l.step]
	switch {
	case l.colours == indexed:
		return l.indices(to, from)
	case l.channels == l.step:
		copy(to, from)
	default:
		for x := range l.width {
			p := from[4*x:][:4]
			t := to[3*x:][:3]
			t[0], t[1], t[2] = p[0], p[1], p[2]
		}
	}
	return nil
}

// indices packs them, the first one into the upper bits.
func (l *layout) indices(to, from []byte) error {
	most := byte(len(l.palette) - 1)
	perByte := 8 / l.depth
	clear(to)
	for x, index := range from {
		if index > most {
			return errIndex
		}
		to[x/perByte] |= index << (8 - l.depth*(x%perByte+1))
	}
	return nil
}
