package vp8

// smoothing is what the loop filter does to a macroblock.
type smoothing struct {
	thresholds
	inner bool // between its blocks, too
}

// smoothRow filters a row of macroblocks, and up to three rows of samples above it (RFC 6386, section 15).
func (d *decoding) smoothRow(y int) {
	for x, s := range d.smoothings {
		if s.edge == 0 {
			continue
		}
		edges := uint(0)
		if x > 0 {
			edges |= leftEdge
		}
		if y > 0 {
			edges |= topEdge
		}
		if s.inner {
			edges |= innerEdges
		}
		if d.filter.simple {
			smoothSimply(d.place(0, 16*x, 16*y), &s.thresholds, edges)
			continue
		}
		smoothLuma(d.place(0, 16*x, 16*y), &s.thresholds, edges)
		smoothChroma(d.place(1, 8*x, 8*y), d.place(2, 8*x, 8*y), &s.thresholds, edges)
	}
}

func (d *decoding) place(plane, x, y int) place {
	p := d.planes[plane]
	return place{p.Pix, y*p.Stride + x, p.Stride}
}
