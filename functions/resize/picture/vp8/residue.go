package vp8

// coefficients are those of a macroblock, multiplied: six bands of four blocks each, which have the layout of places. Four are
// luma, the other two have two blocks of Cb and two of Cr. Transformed they are residues. Behind the last is room to index without checks.
type coefficients [6*bandCoefficients + 16]int16

// contexts are 1 for each block that has tokens: four columns or rows of luma, two of Cb and two of Cr, and the block of means.
type contexts [9]uint8

// readResidue reads a macroblock's coefficients. It returns a bit for each band that has any but 0, or tokens at least.
// They are wild if a sum of them may not fit into 16 bits.
func (d *decoding) readResidue(p *partition, m *macroblock, left, above *contexts) (found uint, wild bool) {
	f := &d.segments.factors[m.segment&3]
	c := &d.coefficients
	var peak int32
	plane, first := luma, 0
	if !m.subblocks {
		plane, first = lumaWithoutMeans, 1
		var block [bandCoefficients]int16
		if p.readBlocks(&d.spread[means], 0, &f.means, left[8:], above[8:], block[:], 1, &peak) != 0 {
			found = c.spreadMeans(&block, &peak)
		}
	}
	found |= p.readBlocks(&d.spread[plane], first, &f.luma, left[:4], above[:4], c[:], 4, &peak)
	for i := 0; i < 4; i += 2 { // Cb, then Cr
		found |= p.readBlocks(&d.spread[chroma], 0, &f.chroma, left[4+i:], above[4+i:], c[4*bandCoefficients+4*i:], 2, &peak) << 4
	}
	return found, peak > mostTame
}

// readBlocksScalar reads a square of blocks, that many on a side. It returns a bit for each row where there was a token.
func (p *partition) readBlocksScalar(table *odds, first int, factors *[2]int32, left, above []uint8, to []int16, side int, peak *int32) (found uint) {
	for y := range side {
		l := left[y]
		for x := range side {
			n := p.readBlock(table, int(l+above[x]), first, factors, (*[bandCoefficients]int16)(to[y*bandCoefficients+4*x:]), peak)
			l = uint8(n)
			above[x] = l
			found |= uint(n) << y
		}
		left[y] = l
	}
	return found
}

// readNothing is readResidue for a macroblock without tokens.
func readNothing(m *macroblock, left, above *contexts) {
	l, a := left[8], above[8]
	*left, *above = contexts{}, contexts{}
	if m.subblocks { // it has no means: those of the last one that has count
		left[8], above[8] = l, a
	}
}
