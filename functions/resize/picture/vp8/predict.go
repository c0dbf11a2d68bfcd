package vp8

import "encoding/binary"

// predictLuma fills in a macroblock's luma, predicted as a whole (RFC 6386, section 12.3); left and top say whether it is at those edges
// of the picture.
func (w *work) predictLuma(mode uint8, left, top bool) {
	switch mode {
	case byMean:
		w.mean(lumaAt, 16, lumaAt-1, left, top)
	case byGradient:
		w.gradientLuma()
	case byAbove:
		w.repeat(lumaAt, 16)
	default:
		for y := range 16 {
			at := lumaAt + y*workStride
			w.fill(at, 16, 1, w[at-1])
		}
	}
}

// predictChroma does the same for chroma (section 12.2).
func (w *work) predictChroma(mode uint8, left, top bool) {
	switch mode {
	case byMean:
		w.mean(chromaAt, 8, chromaAt-1, left, top)
		w.mean(chromaAt+8, 8, chromaAt+crLeft, left, top)
	case byGradient:
		w.gradientChroma()
	case byAbove:
		w.repeat(chromaAt, 8)
	default:
		for y := range 8 {
			at := chromaAt + y*workStride
			w.fill(at, 8, 1, w[at-1])
			w.fill(at+8, 8, 1, w[at+crLeft])
		}
	}
}

// mean fills a square with the mean of the row above and the column, rounded. At an edge of the picture it is of the other only, and
// at both it is the middle of a byte.
func (w *work) mean(at, size, columnAt int, left, top bool) {
	sum, n := 0, 0
	if !top {
		for _, v := range w[at-workStride:][:size] {
			sum += int(v)
		}
		n += size
	}
	if !left {
		for y := range size {
			sum += int(w[columnAt+y*workStride])
		}
		n += size
	}
	value := 128
	if n > 0 {
		value = (sum + n/2) / n
	}
	w.fill(at, size, size, byte(value))
}

// repeat copies the 16 samples above to rows.
func (w *work) repeat(at, rows int) {
	row := *(*[16]byte)(w[at-workStride:])
	for y := range rows {
		*(*[16]byte)(w[at+y*workStride:]) = row
	}
}

// fill sets width samples, 8 or 16, of rows.
func (w *work) fill(at, width, rows int, value byte) {
	all := uint64(value) * 0x0101010101010101
	for y := range rows {
		for x := 0; x < width; x += 8 {
			binary.LittleEndian.PutUint64(w[at+y*workStride+x:], all)
		}
	}
}

func (w *work) gradientLumaScalar() { w.gradient(lumaAt, 16, 16, lumaAt-1) }

func (w *work) gradientChromaScalar() {
	w.gradient(chromaAt, 8, 8, chromaAt-1)
	w.gradient(chromaAt+8, 8, 8, chromaAt+crLeft)
}

// gradient goes on with the differences of the row above from the corner.
func (w *work) gradient(at, width, height, columnAt int) {
	corner := int(w[columnAt-workStride])
	above := w[at-workStride:][:width]
	for y := range height {
		base := int(w[columnAt+y*workStride]) - corner
		row := w[at+y*workStride:][:len(above)]
		for x, v := range above {
			row[x] = clamp(base + int(v))
		}
	}
}

func clamp(v int) byte { return byte(min(max(v, 0), 255)) }
