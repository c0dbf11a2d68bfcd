package scaledjpeg

// The inverse transforms are those of libjpeg (jidctint.c): constants of 13 fraction bits, a pass over the columns
// whose results keep 2 fraction bits, limited to 16 bits, then a pass over the rows. Every result is a linear sum
// that fits 32 bits, so that vector code may add in another order and still give the same samples. Coefficients are
// multiplied with their divisors first, which keeps the low 16 bits: who calls has made sure that there are no more.
const (
	fraction = 13
	shift1   = fraction - 2 // of the first pass,
	round1   = 1 << (shift1 - 1)
	shift2   = fraction + 2 + 3 // of the second, which also divides by 8
	round2   = 1<<(shift2-1) + 128<<shift2

	c0_298 = 2446 // 0.298631336 with 13 fraction bits, and so on
	c0_390 = 3196
	c0_541 = 4433
	c0_707 = 5793
	c0_765 = 6270
	c0_899 = 7373
	c1_175 = 9633
	c1_224 = 10033
	c1_501 = 12299
	c1_847 = 15137
	c1_961 = 16069
	c2_053 = 16819
	c2_562 = 20995
	c3_072 = 25172
)

// factors are the divisors of a block's coefficients, at the places where these lie.
type factors [64]uint16

func (f *factors) times(blk []int16, at int) int32 { return int32(blk[at] * int16(f[at])) }

// transform2 makes 2×2 samples at the beginning of pix of the 2×2 coefficients in blk.
func transform2(pix []byte, stride int, blk []int16, f *factors) {
	a, b, c, d := f.times(blk, 0), f.times(blk, 2), f.times(blk, 1), f.times(blk, 3)
	left, leftOdd := a+c, b+d
	right, rightOdd := a-c, b-d
	const round = 4 + 128<<3
	pix[0], pix[1] = clamp((left+leftOdd+round)>>3), clamp((left-leftOdd+round)>>3)
	pix[stride], pix[stride+1] = clamp((right+rightOdd+round)>>3), clamp((right-rightOdd+round)>>3)
}

// transform3Scalar makes 3×3 samples of the 3×3 coefficients in blk.
func transform3Scalar(pix []byte, stride int, blk []int16, f *factors) {
	var columns [9]int32
	for x := range 3 {
		c0, c1, c2 := f.times(blk, rows4[0]+2*x), f.times(blk, rows4[1]+2*x), f.times(blk, rows4[2]+2*x)
		outer, middle, odd := pass3(c0, c1, c2, round1)
		columns[x] = limit((outer + odd) >> shift1)
		columns[3+x] = limit(middle >> shift1)
		columns[6+x] = limit((outer - odd) >> shift1)
	}
	for y := range 3 {
		outer, middle, odd := pass3(columns[3*y], columns[3*y+1], columns[3*y+2], round2)
		row := pix[y*stride:][:3]
		row[0] = clamp((outer + odd) >> shift2)
		row[1] = clamp(middle >> shift2)
		row[2] = clamp((outer - odd) >> shift2)
	}
}

func pass3(c0, c1, c2, round int32) (outer, middle, odd int32) {
	c0 = c0<<fraction + round
	c2 *= c0_707
	return c0 + c2, c0 - 2*c2, c1 * c1_224
}

// transform4Scalar makes 4×4 samples of the 4×4 coefficients in blk.
func transform4Scalar(pix []byte, stride int, blk []int16, f *factors) {
	var columns [16]int32
	for x := range 4 {
		c0, c1 := f.times(blk, rows4[0]+2*x), f.times(blk, rows4[1]+2*x)
		c2, c3 := f.times(blk, rows4[2]+2*x), f.times(blk, rows4[3]+2*x)
		outer, inner, odd0, odd1 := pass4(c0, c1, c2, c3, round1)
		columns[x] = limit((outer + odd0) >> shift1)
		columns[4+x] = limit((inner + odd1) >> shift1)
		columns[8+x] = limit((inner - odd1) >> shift1)
		columns[12+x] = limit((outer - odd0) >> shift1)
	}
	for y := range 4 {
		c := columns[4*y:][:4]
		outer, inner, odd0, odd1 := pass4(c[0], c[1], c[2], c[3], round2)
		row := pix[y*stride:][:4]
		row[0] = clamp((outer + odd0) >> shift2)
		row[1] = clamp((inner + odd1) >> shift2)
		row[2] = clamp((inner - odd1) >> shift2)
		row[3] = clamp((outer - odd0) >> shift2)
	}
}

func pass4(c0, c1, c2, c3, round int32) (outer, inner, odd0, odd1 int32) {
	odd := (c1 + c3) * c0_541
	return (c0+c2)<<fraction + round, (c0-c2)<<fraction + round, odd + c1*c0_765, odd - c3*c1_847
}

// limit is what packing to 16 bits does in vector code.
func limit(v int32) int32 { return min(max(v, -1<<15), 1<<15-1) }
