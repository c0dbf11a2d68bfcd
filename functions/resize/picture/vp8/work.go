package vp8

// work is a macroblock being made, with the samples around it that it is predicted from. A row has workStride bytes. Luma begins at
// lumaAt; before it is the column left, above it a row with four samples more, which lie to the right of rows 4, 8 and 12 as well.
// Chroma begins at chromaAt, Cb and Cr side by side; the column left of Cb is before it, that of Cr behind both.
type work [26 * workStride]byte

const (
	workStride = 32
	lumaAt     = workStride + 8
	chromaAt   = 18*workStride + 8
	crLeft     = 16 // from a row of Cb on
)

// start makes the columns left of the first macroblock of a row.
func (w *work) start(top bool) {
	for y := range 17 {
		w[y*workStride+lumaAt-workStride-1] = 129
	}
	for y := range 9 {
		at := y*workStride + chromaAt - workStride
		w[at-1], w[at+crLeft] = 129, 129
	}
	if top {
		w[lumaAt-workStride-1], w[chromaAt-workStride-1], w[chromaAt-workStride+crLeft] = 127, 127, 127
	}
}

// next makes the columns left of the next macroblock.
func (w *work) next() {
	for y := range 17 {
		row := w[y*workStride:][:workStride]
		row[7] = row[7+16]
	}
	for y := range 9 {
		row := w[17*workStride+y*workStride:][:workStride]
		row[7], row[8+crLeft] = row[7+8], row[7+16]
	}
}

// enter takes over what is above: 20 samples of luma, 8 of Cb and 8 of Cr.
func (w *work) enter(luma *[20]byte, chroma *[16]byte) {
	*(*[20]byte)(w[lumaAt-workStride:]) = *luma
	right := *(*[4]byte)(luma[16:])
	*(*[4]byte)(w[lumaAt+3*workStride+16:]) = right
	*(*[4]byte)(w[lumaAt+7*workStride+16:]) = right
	*(*[4]byte)(w[lumaAt+11*workStride+16:]) = right
	*(*[16]byte)(w[chromaAt-workStride:]) = *chroma
}

// leave puts the last rows to where enter will find them, one row of macroblocks below.
func (w *work) leave(luma, chroma *[16]byte) {
	*luma = *(*[16]byte)(w[lumaAt+15*workStride:])
	*chroma = *(*[16]byte)(w[chromaAt+7*workStride:])
}
