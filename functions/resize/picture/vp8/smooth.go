package vp8

// Edges that are smoothed, for smoothLuma and the others.
const (
	leftEdge = 1 << iota
	topEdge
	innerEdges
)

// place is where a macroblock lies in a plane.
type place struct {
	pix    []byte // of the plane
	at     int
	stride int
}

// smoothLumaScalar smooths the edges of 16×16 samples (RFC 6386, section 15.3).
func smoothLumaScalar(p place, t *thresholds, edges uint) { p.smooth(16, t, edges) }

// smoothChromaScalar smooths the edges of 8×8 samples of Cb and of Cr.
func smoothChromaScalar(cb, cr place, t *thresholds, edges uint) {
	cb.smooth(8, t, edges)
	cr.smooth(8, t, edges)
}

// smooth smooths first the edges that go down, from the left to the right, and then those across.
func (p place) smooth(size int, t *thresholds, edges uint) {
	if edges&leftEdge != 0 {
		p.smoothBetween(p.at, size, p.stride, 1, t)
	}
	if edges&innerEdges != 0 {
		for i := 4; i < size; i += 4 {
			p.smoothWithin(p.at+i, size, p.stride, 1, t)
		}
	}
	if edges&topEdge != 0 {
		p.smoothBetween(p.at, size, 1, p.stride, t)
	}
	if edges&innerEdges != 0 {
		for i := 4; i < size; i += 4 {
			p.smoothWithin(p.at+i*p.stride, size, 1, p.stride, t)
		}
	}
}

// smoothBetween smooths an edge of macroblocks: samples along it are that far apart, and those across.
func (p place) smoothBetween(at, size, along, across int, t *thresholds) {
	for range size {
		n := neighboursAt(p.pix, at, across)
		if !n.steep(int(t.edge) + 4) {
			n.readAll(p.pix, at, across)
			switch {
			case n.rough(int(t.interior)):
			case n.sharp(int(t.high)):
				n.smooth2(p.pix, at, across)
			default:
				n.smooth6(p.pix, at, across)
			}
		}
		at += along
	}
}

// smoothWithin smooths an edge of blocks.
func (p place) smoothWithin(at, size, along, across int, t *thresholds) {
	for range size {
		n := neighboursAt(p.pix, at, across)
		if !n.steep(int(t.edge)) {
			n.readAll(p.pix, at, across)
			switch {
			case n.rough(int(t.interior)):
			case n.sharp(int(t.high)):
				n.smooth2(p.pix, at, across)
			default:
				n.smooth4(p.pix, at, across)
			}
		}
		at += along
	}
}

// smoothSimply is the simple filter, of luma only (section 15.2).
func smoothSimply(p place, t *thresholds, edges uint) {
	simply := func(at, along, across, edge int) {
		for range 16 {
			if n := neighboursAt(p.pix, at, across); !n.steep(edge) {
				n.smooth2(p.pix, at, across)
			}
			at += along
		}
	}
	for _, way := range [2]struct {
		outer         uint
		along, across int
	}{{leftEdge, p.stride, 1}, {topEdge, 1, p.stride}} {
		if edges&way.outer != 0 {
			simply(p.at, way.along, way.across, int(t.edge)+4)
		}
		if edges&innerEdges != 0 {
			for i := 4; i < 16; i += 4 {
				simply(p.at+i*way.across, way.along, way.across, int(t.edge))
			}
		}
	}
}
