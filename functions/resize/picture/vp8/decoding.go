package vp8

import "mapfleet/functions/resize/picture/planar"

// decoding is one picture being decoded, and memory to decode others with.
type decoding struct {
	header
	columns, rows int     // of macroblocks
	spread        [4]odds // the header's, by plane

	row          []macroblock
	smoothings   []smoothing // of the row
	strengths    [4][2]thresholds
	modesAbove   []uint8 // four for each macroblock
	tokensAbove  []contexts
	lumaAbove    []byte // 16 for each macroblock, and 4 more
	chromaAbove  []byte // 8 of Cb and 8 of Cr for each
	coefficients coefficients
	work         work

	memory  []byte // of planes
	planes  [3]planar.Plane
	studio  bool // samples stay in their range
	release func()
}

func (d *decoding) decode(frame []byte) error {
	if err := d.readHeader(frame); err != nil {
		return err
	}
	d.layOut()
	d.spreadOdds()
	for i := range d.strengths {
		d.strengths[i] = [2]thresholds{d.thresholds(i, false), d.thresholds(i, true)}
	}
	for y := range d.rows {
		d.readModes()
		d.decodeRow(y)
		if err := d.check(y); err != nil {
			return err // before time is spent
		}
		if d.filter.level != 0 {
			d.smoothRow(y)
		}
		d.finish(y)
	}
	return nil
}

// check says whether what has been read for a row was there.
func (d *decoding) check(y int) error {
	if err := d.first.check(); err != nil {
		return err
	}
	return d.tokens[y&(len(d.tokens)-1)].check()
}

// layOut makes planes, of whole macroblocks, and what is kept from row to row.
func (d *decoding) layOut() {
	d.columns, d.rows = (d.width+15)/16, (d.height+15)/16
	stride, height := 16*d.columns, 16*d.rows
	luma, chroma := stride*height, stride*height/4
	d.memory = resized(d.memory, luma+2*chroma)
	d.planes[0] = planar.Plane{Pix: d.memory[:luma:luma], Stride: stride, Width: d.width, Height: d.height}
	for i := range 2 {
		d.planes[1+i] = planar.Plane{
			Pix: d.memory[luma+i*chroma:][:chroma:chroma], Stride: stride / 2, Width: (d.width + 1) / 2, Height: (d.height + 1) / 2,
		}
	}
	d.row, d.smoothings = resized(d.row, d.columns), resized(d.smoothings, d.columns)
	d.modesAbove, d.tokensAbove = resized(d.modesAbove, 4*d.columns), resized(d.tokensAbove, d.columns)
	d.lumaAbove, d.chromaAbove = resized(d.lumaAbove, 16*d.columns+4), resized(d.chromaAbove, 16*d.columns)
	clear(d.row)
	clear(d.modesAbove) // byMean
	clear(d.tokensAbove)
	for _, above := range [][]byte{d.lumaAbove, d.chromaAbove} {
		for i := range above {
			above[i] = 127
		}
	}
	clear(d.coefficients[:])
}

// resized returns n values, of s if it has as many.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// decodeRow makes the samples of a row of macroblocks, before they are smoothed: others are predicted from them as they are.
func (d *decoding) decodeRow(y int) {
	p := &d.tokens[y&(len(d.tokens)-1)]
	d.work.start(y == 0)
	var left contexts
	for x := range d.row {
		m := &d.row[x]
		found, wild := uint(0), false
		if m.skip {
			readNothing(m, &left, &d.tokensAbove[x])
		} else {
			found, wild = d.readResidue(p, m, &left, &d.tokensAbove[x])
		}
		d.reconstruct(x, y, m, found, wild)
		s := &d.smoothings[x]
		s.thresholds = d.strengths[m.segment&3][number(m.subblocks)]
		s.inner = m.subblocks || found != 0
	}
	if y+1 < d.rows { // what is right of the last macroblock is taken for the last sample above it
		last := d.lumaAbove[16*d.columns-1]
		copy(d.lumaAbove[16*d.columns:], []byte{last, last, last, last})
	}
}

// reconstruct predicts a macroblock, adds its residue, and puts it to its place.
func (d *decoding) reconstruct(x, y int, m *macroblock, found uint, wild bool) {
	w := &d.work
	luma, chroma := (*[20]byte)(d.lumaAbove[16*x:]), (*[16]byte)(d.chromaAbove[16*x:])
	if x > 0 {
		w.next()
	}
	w.enter(luma, chroma)
	if found != 0 {
		if wild {
			d.coefficients.transformScalar(found)
		} else {
			d.coefficients.transform(found)
		}
	}
	if m.subblocks {
		w.predictSubblocks(&m.blocks, &d.coefficients)
	} else {
		w.predictLuma(m.luma, x == 0, y == 0)
		if found&15 != 0 {
			w.addLuma(&d.coefficients)
		}
	}
	w.predictChroma(m.chroma, x == 0, y == 0)
	if found>>4 != 0 {
		w.addChroma(&d.coefficients)
	}
	if found != 0 {
		clear(d.coefficients[:])
	}
	w.leave((*[16]byte)(luma[:]), chroma)
	d.put(x, y)
}

// put copies a macroblock into the planes.
func (d *decoding) put(x, y int) {
	to := d.planes[0].Pix[16*y*d.planes[0].Stride+16*x:]
	for i := range 16 {
		*(*[16]byte)(to[i*d.planes[0].Stride:]) = *(*[16]byte)(d.work[lumaAt+i*workStride:])
	}
	stride := d.planes[1].Stride
	cb, cr := d.planes[1].Pix[8*y*stride+8*x:], d.planes[2].Pix[8*y*stride+8*x:]
	for i := range 8 {
		row := d.work[chromaAt+i*workStride:][:16]
		*(*[8]byte)(cb[i*stride:]) = *(*[8]byte)(row)
		*(*[8]byte)(cr[i*stride:]) = *(*[8]byte)(row[8:])
	}
}

// unsettled is how many of the last rows of samples the filter may yet change or look at.
const unsettled = 4

// finish stretches the samples of the rows that are settled once macroblocks of row y are smoothed.
func (d *decoding) finish(y int) {
	if d.studio {
		return
	}
	for i, p := range d.planes {
		size := 16
		if i > 0 {
			size = 8
		}
		from, to := max(0, y*size-unsettled), (y+1)*size-unsettled
		if y == d.rows-1 {
			to += unsettled
		}
		samples := p.Pix[from*p.Stride : to*p.Stride]
		if i == 0 {
			stretchLuma(samples)
		} else {
			stretchChroma(samples)
		}
	}
}

// forget lets go of the frame's bytes.
func (d *decoding) forget() {
	d.first.data = nil
	clear(d.tokens)
}

func (d *decoding) image() Image {
	return Image{Planes: d.planes, release: d.release}
}
