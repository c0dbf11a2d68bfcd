package scaledjpeg

// layOut sizes the components and takes memory for their planes. The encoded bytes bound it: before it is taken,
// a picture of more blocks than they can hold is refused.
func (d *decoding) layOut(encoded int) error {
	if d.Components == 1 { // its factors mean nothing (T.81 A.2.2)
		d.Sampling[0] = Sampling{1, 1}
	}
	largest := d.largestSampling()
	d.mcusWide = divideUp(d.Width, 8*largest.Horizontal)
	d.mcusHigh = divideUp(d.Height, 8*largest.Vertical)
	bits := 0
	for i := range d.Components {
		c := &d.components[i]
		*c = component{
			id:           d.frame.components[i].id,
			quantization: d.frame.components[i].quantization,
			Sampling:     d.Sampling[i],
			points:       d.points(i, d.scale, d.sharpChroma),
			blockStride:  d.mcusWide * d.Sampling[i].Horizontal,
			plane:        Plane{Pix: c.plane.Pix},
			progress:     progress{coefficients: c.coefficients, nonzero: c.nonzero},
		}
		c.choosePlaces()
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
func (h Header) fewestBits() int {
	if h.Progressive {
		return 1
	}
	return 2
}

// points returns the scale of component i.
func (h Header) points(i, scale int, sharpChroma bool) int {
	s, largest := h.Sampling[i], h.largestSampling()
	half := 2*s.Horizontal <= largest.Horizontal && 2*s.Vertical <= largest.Vertical
	if sharpChroma && half && (scale == 1 || scale == 2 || scale == 4) {
		return 2 * scale
	}
	return scale
}

// allocate makes room for all blocks of all MCUs. What is there from another picture stays, to be overwritten.
func (d *decoding) allocate(c *component) {
	high := d.mcusHigh * c.Vertical
	c.plane.Stride = strideOf(c.blockStride, c.points)
	c.plane.Pix = resize(c.plane.Pix, c.plane.Stride*high*c.points)
	if d.Progressive {
		c.begin(c.blockStride * high)
	} else {
		c.coefficients, c.nonzero = resize(c.coefficients, 0), resize(c.nonzero, 0)
	}
}

// strideOf is that of a plane, so many blocks wide.
func strideOf(wide, points int) int { return (wide*points + 31) &^ 31 }

// idle is how many elements more than four times those that are needed stay in memory from picture to picture: a large
// one, seen once, is not to be paid for by all that follow.
const idle = 1 << 18

// resize returns a slice of that length, in the same memory if that has the room and is not far too large.
func resize[T any](s []T, n int) []T {
	if cap(s) < n || cap(s) > 4*n+idle {
		return make([]T, n)
	}
	return s[:n]
}

func divideUp(a, b int) int { return (a + b - 1) / b }
