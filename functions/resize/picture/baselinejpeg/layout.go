package baselinejpeg

import (
	"fmt"
	"image"
)

// component is a plane and how it takes part in MCUs (T.81 A.2).
type component struct {
	pix           []byte
	stride        int
	width, height int // in samples
	across, down  int // blocks in an MCU
	class         token
	quantizer     *quantizer
}

// layout is a picture's size and components.
type layout struct {
	width, height      int
	mcusWide, mcusHigh int
	components         []component
	room               [3]component
}

// longest is the largest side that a frame header can tell.
const longest = 65_535

// take makes a layout of a picture, which it does not copy.
func (l *layout) take(m image.Image) error {
	size := m.Bounds().Size()
	if size.X < 1 || size.Y < 1 || size.X > longest || size.Y > longest {
		return fmt.Errorf("a jpeg of %d x %d: sides are 1 to %d", size.X, size.Y, longest)
	}
	l.width, l.height = size.X, size.Y
	switch m := m.(type) {
	case *image.Gray:
		l.components = l.room[:1]
		l.components[0] = component{pix: m.Pix, stride: m.Stride, across: 1, down: 1, class: luma}
	case *image.YCbCr:
		across, down := factors(m.SubsampleRatio)
		if across == 0 || m.Rect.Min != (image.Point{}) {
			return fmt.Errorf("a jpeg of %v from %v: 4:4:4, 4:4:0, 4:2:2 or 4:2:0 from (0,0) is wanted", m.SubsampleRatio, m.Rect.Min)
		}
		l.components = l.room[:3]
		l.components[0] = component{pix: m.Y, stride: m.YStride, across: across, down: down, class: luma}
		l.components[1] = component{pix: m.Cb, stride: m.CStride, across: 1, down: 1, class: chroma}
		l.components[2] = component{pix: m.Cr, stride: m.CStride, across: 1, down: 1, class: chroma}
	default:
		return fmt.Errorf("a jpeg of %T: gray or planes are wanted", m)
	}
	return l.measure()
}

// factors are how many blocks of luma stand beside one of chroma; 0: so many that no MCU has them here.
func factors(ratio image.YCbCrSubsampleRatio) (across, down int) {
	switch ratio {
	case image.YCbCrSubsampleRatio444:
		return 1, 1
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	}
	return 0, 0
}

// measure works out sizes, and holds the planes to them.
func (l *layout) measure() error {
	first := l.components[0]
	l.mcusWide, l.mcusHigh = divideUp(l.width, 8*first.across), divideUp(l.height, 8*first.down)
	for i := range l.components {
		c := &l.components[i]
		c.width, c.height = divideUp(l.width*c.across, first.across), divideUp(l.height*c.down, first.down)
		if c.stride < c.width || len(c.pix) < (c.height-1)*c.stride+c.width {
			return fmt.Errorf("a jpeg of plane %d with fewer samples than %d x %d", i, c.width, c.height)
		}
	}
	return nil
}

func divideUp(a, b int) int { return (a + b - 1) / b }
