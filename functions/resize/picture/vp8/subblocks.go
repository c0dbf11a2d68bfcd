package vp8

// edge is what a block is predicted from: the column left from below, the corner, the row above and four samples to its right. The
// first and last are there twice.
type edge [15]byte

// Where in edge the samples are.
const (
	bottom = 1 // of the column left
	corner = 5
	above  = 6
)

func (w *work) edge(at int) (e edge) {
	for y := range 4 {
		e[bottom+3-y] = w[at+y*workStride-1]
	}
	copy(e[corner:], w[at-workStride-1:][:9])
	e[0], e[14] = e[1], e[13]
	return e
}

// subblocksScalar predicts luma block by block, each from the ones before, and adds its residue.
func (w *work) subblocksScalar(modes *[16]uint8, c *coefficients) {
	for i, mode := range modes {
		at := lumaAt + i/4*4*workStride + i%4*4
		w.predictBlock(at, mode)
		w.add(at, 4, 4, c[i/4*bandCoefficients+i%4*4:])
	}
}

// add adds residues to samples.
func (w *work) add(at, width, height int, residues []int16) {
	for y := range height {
		row := w[at+y*workStride:][:width]
		for x, v := range residues[16*y:][:width] {
			row[x] = clamp(int(row[x]) + int(v))
		}
	}
}

// predictBlock predicts a block. Most modes take their samples from means of two or three neighbours on the edge, which blend has
// the recipes for.
func (w *work) predictBlock(at int, mode uint8) {
	if mode == byGradient {
		w.gradient(at, 4, 4, at-1)
		return
	}
	e := w.edge(at)
	if mode == byMean {
		sum := 4
		for i := range 4 {
			sum += int(e[bottom+i]) + int(e[above+i])
		}
		for y := range 4 {
			row := w[at+y*workStride:][:4]
			row[0], row[1], row[2], row[3] = byte(sum/8), byte(sum/8), byte(sum/8), byte(sum/8)
		}
		return
	}
	var blends [32]byte
	for i := range 13 {
		a, b, c := int(e[i]), int(e[i+1]), int(e[i+2])
		blends[i] = byte((a + 2*b + c + 2) / 4)
		blends[16+i] = byte((a + b + 1) / 2)
	}
	for i, from := range recipes[mode] {
		w[at+i/4*workStride+i%4] = blends[from]
	}
}

// recipes are the indices of blends for each sample of a block: those of three samples, from the first one of them on, and from 16 on
// those of two.
var recipes = [modes][16]byte{
	byAbove:    {5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8},
	byLeft:     {3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0},
	rightDown:  {4, 5, 6, 7, 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4},
	leftDown:   {6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12},
	rightSteep: {21, 22, 23, 24, 4, 5, 6, 7, 3, 21, 22, 23, 2, 4, 5, 6},
	leftSteep:  {22, 23, 24, 25, 6, 7, 8, 9, 23, 24, 25, 10, 7, 8, 9, 11},
	rightFlat:  {20, 4, 5, 6, 19, 3, 20, 4, 18, 2, 19, 3, 17, 1, 18, 2},
	leftFlat:   {19, 2, 18, 1, 18, 1, 17, 0, 17, 0, 16, 16, 16, 16, 16, 16},
}
