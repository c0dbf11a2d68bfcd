//go:build !amd64 && !arm64

package vp8

func (p *partition) readBlocks(table *odds, first int, factors *[2]int32, left, above []uint8, to []int16, side int, peak *int32) uint {
	return p.readBlocksScalar(table, first, factors, left, above, to, side, peak)
}

func (c *coefficients) transform(found uint) { c.transformScalar(found) }

func (w *work) addLuma(c *coefficients)   { w.add(lumaAt, 16, 16, c[:]) }
func (w *work) addChroma(c *coefficients) { w.add(chromaAt, 16, 8, c[4*bandCoefficients:]) }

func (w *work) predictSubblocks(modes *[16]uint8, c *coefficients) { w.subblocksScalar(modes, c) }

func (w *work) gradientLuma()   { w.gradientLumaScalar() }
func (w *work) gradientChroma() { w.gradientChromaScalar() }

func smoothLuma(p place, t *thresholds, edges uint)        { smoothLumaScalar(p, t, edges) }
func smoothChroma(cb, cr place, t *thresholds, edges uint) { smoothChromaScalar(cb, cr, t, edges) }

func stretchLuma(samples []byte)   { stretchLumaScalar(samples) }
func stretchChroma(samples []byte) { stretchChromaScalar(samples) }
