//go:build amd64 || arm64

package vp8

func (c *coefficients) transform(found uint) {
	if !haveVectors {
		c.transformScalar(found)
		return
	}
	transformVector(&c[0], found)
}

// addLuma and addChroma add residues.
func (w *work) addLuma(c *coefficients) {
	if !haveVectors {
		w.add(lumaAt, 16, 16, c[:])
		return
	}
	addVector(&w[lumaAt], &c[0], 16)
}

func (w *work) addChroma(c *coefficients) {
	if !haveVectors {
		w.add(chromaAt, 16, 8, c[4*bandCoefficients:])
		return
	}
	addVector(&w[chromaAt], &c[4*bandCoefficients], 8)
}

func (w *work) predictSubblocks(modes *[16]uint8, c *coefficients) {
	if !haveVectors {
		w.subblocksScalar(modes, c)
		return
	}
	subblocksVector(&w[lumaAt], &modes[0], &c[0], blockTable())
}

func (w *work) gradientLuma() {
	if !haveVectors {
		w.gradientLumaScalar()
		return
	}
	gradientVector(&w[lumaAt], &w[lumaAt-1], &w[lumaAt-1], 16)
}

func (w *work) gradientChroma() {
	if !haveVectors {
		w.gradientChromaScalar()
		return
	}
	gradientVector(&w[chromaAt], &w[chromaAt-1], &w[chromaAt+crLeft], 8)
}

func smoothLuma(p place, t *thresholds, edges uint) {
	if !haveVectors {
		smoothLumaScalar(p, t, edges)
		return
	}
	p.check(16, edges)
	smoothLumaVector(&p.pix[p.at], p.stride, t, edges)
}

func smoothChroma(cb, cr place, t *thresholds, edges uint) {
	if !haveVectors {
		smoothChromaScalar(cb, cr, t, edges)
		return
	}
	cb.check(8, edges)
	cr.check(8, edges)
	smoothChromaVector(&cb.pix[cb.at], &cr.pix[cr.at], cb.stride, t, edges)
}

// check panics if vectors would leave the plane.
func (p place) check(size int, edges uint) {
	first := p.at
	if edges&leftEdge != 0 {
		first -= 4
	}
	if edges&topEdge != 0 {
		first = min(first, p.at-4*p.stride)
	}
	_ = p.pix[first : p.at+(size-1)*p.stride+size]
}

func stretchLuma(samples []byte) {
	n := stretched(samples, 89, lumaStretch, 4)
	stretchLumaScalar(samples[n:])
}

func stretchChroma(samples []byte) {
	n := stretched(samples, 128, chromaStretch, 0)
	stretchChromaScalar(samples[n:])
}

// stretched stretches as many samples as whole vectors have, and returns how many those are.
func stretched(samples []byte, middle, stretch, less int) int {
	const vector = 32
	n := len(samples) / vector
	if !haveVectors || n == 0 {
		return 0
	}
	stretchVector(&samples[0], n, middle, stretch, less)
	return n * vector
}

// smoothLumaVector reads and writes 16×16 samples, and four more to the left and above if there are edges to smooth;
// smoothChromaVector 8×8 of two planes.
//
//go:noescape
func smoothLumaVector(pix *byte, stride int, t *thresholds, edges uint)

//go:noescape
func smoothChromaVector(cb, cr *byte, stride int, t *thresholds, edges uint)

// subblocksVector does 16×16 samples of a work, and reads from the row above, with 8 bytes on its right, and the column left.
//
//go:noescape
func subblocksVector(luma *byte, modes *uint8, residues *int16, table *byte)

// gradientVector does rows of 16 samples of a work: 8 by a column on the left, 8 by another.
//
//go:noescape
func gradientVector(to, left, right *byte, height int)

// addVector does rows of 16 samples of a work.
//
//go:noescape
func addVector(to *byte, residues *int16, height int)

// transformVector does the bands of coefficients that found has a bit for.
//
//go:noescape
func transformVector(c *int16, found uint)

// stretchVector does vectors of 32 samples.
//
//go:noescape
func stretchVector(samples *byte, vectors int, middle, stretch, less int)
