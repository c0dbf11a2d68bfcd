package scaledjpeg

// MemoryBytes is about what Decode takes for a file at scale/8: planes and, if it is progressive, coefficients, but
// for a copy of its longest scan. Of a file that is not supported it means nothing.
func (d *Decoder) MemoryBytes(h Header, scale int) int64 {
	if h.Components == 1 {
		h.Sampling[0] = Sampling{1, 1}
	}
	largest := h.largestSampling()
	bytes := 0
	for i, s := range h.Sampling[:h.Components] {
		points := h.points(i, scale, d.SharpChroma)
		wide := divideUp(h.Width, 8*largest.Horizontal) * s.Horizontal
		high := divideUp(h.Height, 8*largest.Vertical) * s.Vertical
		bytes += strideOf(wide, points) * high * points
		if h.Progressive {
			bytes += progressBytes(wide*high, points)
		}
	}
	return int64(bytes)
}
