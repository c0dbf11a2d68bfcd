//go:build !amd64

package scaledjpeg

func hasVectors() bool { return false } // but for transforms

func (d *decoding) readMCUs(s *scan, b bits, t stretch) (bits, verdict) {
	return d.readMCUsScalar(s, b, t)
}

func (d *decoding) paint(slots []slot) { paintScalar(slots) }

func (r *band) refine(b bits, t stretch) (bits, verdict) { return r.refineScalar(b, t) }
