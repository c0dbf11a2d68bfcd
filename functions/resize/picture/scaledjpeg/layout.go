package scaledjpeg

import "slices"

// layOut sizes the components and takes memory for their planes. The encoded bytes bound it: before it is taken,
// a picture of more blocks than they can hold is refused.
func (d *decoding) layOut(encoded int) error {
	largest := d.largestSampling()
	if d.Components == 1 { // its factors mean nothing (T.81 A.2.2)
		largest = Sampling{1, 1}
		d.Sampling[0] = largest
	}
	d.mcusWide = divideUp(d.Width, 8*largest.Horizontal)
	d.mcusHigh = divideUp(d.Height, 8*largest.Vertical)
	bits := 0
	for i := range d.Components {
		c := &d.components[i]
		*c = component{
			id:           d.frame.components[i].id,
			quantization: d.frame.components[i].quantization,
			Sampling:     d.Sampling[i],
			points:       d.points(d.Sampling[i], largest),
			plane:        Plane{Pix: c.plane.Pix},
			coarse:       c.coarse,
		}
		width := divideUp(d.Width*c.Horizontal, largest.Horizontal)
		height := divideUp(d.Height*c.Vertical, largest.Vertical)
		c.blocksWide, c.blocksHigh = divideUp(width, 8), divideUp(height, 8)
		c.plane.Width, c.plane.Height = divideUp(width*c.points, 8), divideUp(height*c.points, 8)
		bits += c.blocksWide * c.blocksHigh * d.fewestBits()
	}
	if bits > 8*encoded {
		return errTruncated
	}
	for i := range d.Components {
		d.allocate(&d.components[i])
	}
	return nil
}

// fewestBits is what any block takes of its scans: a DC code and, where a scan has more than DC, an end of block.
func (d *decoding) fewestBits() int {
	if d.Progressive {
		return 1
	}
	return 2
}

// points returns the scale of a component.
func (d *decoding) points(s, largest Sampling) int {
	half := 2*s.Horizontal <= largest.Horizontal && 2*s.Vertical <= largest.Vertical
	if d.sharpChroma && half && !d.Progressive && (d.scale == 1 || d.scale == 2 || d.scale == 4) {
		return 2 * d.scale
	}
	return d.scale
}

// allocate makes room for all blocks of all MCUs. What is there from another picture stays, to be overwritten.
func (d *decoding) allocate(c *component) {
	wide, high := d.mcusWide*c.Horizontal, d.mcusHigh*c.Vertical
	c.plane.Stride = (wide*c.points + 31) &^ 31
	c.plane.Pix = resize(c.plane.Pix, c.plane.Stride*high*c.points)
	if d.Progressive {
		c.coarse = resize(c.coarse, wide*high)
	}
}

func resize[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

func divideUp(a, b int) int { return (a + b - 1) / b }
