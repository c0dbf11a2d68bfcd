package baselinejpeg

// block is 64 coefficients in zigzag order.
type block [64]int16

// inPicture is the bit of a mask that every block has some of whose samples are the picture's. The others say which
// coefficients of AC are not 0.
const inPicture = 1

// The forward transform is as exact as libjpeg's (jfdctint.c): constants of 13 fraction bits, a pass over the columns whose
// results keep 2 fraction bits, then a pass over the rows that leaves coefficients 8 times too large. Every result is a linear
// sum that fits 32 bits, so that vector code may add in another order and still give the same coefficients. Intermediate ones
// fit 16 bits: 8 samples of a column differ from 128 by 1,024 in all, 2 fraction bits make 4,096 of that, 8 columns 32,768, and
// other sums than the plain one stay below that of DC.
const (
	fraction = 13
	between  = 2 // fraction bits between the passes

	shift1 = fraction - between
	round1 = 1 << (shift1 - 1)
	shift2 = fraction + between
	round2 = 1 << (shift2 - 1)

	cos1 = 11363 // √2 × cos(1π/16) with 13 fraction bits, and so on
	cos2 = 10703
	cos3 = 9633
	cos5 = 6436
	cos6 = 4433
	cos7 = 2260
)

// transformScalar makes as many blocks as there are masks of samples side by side, a mask for each.
func transformScalar(blocks []block, masks []uint64, pix []byte, stride int, q *quantizer) {
	for i := range masks {
		masks[i] = transformBlock(&blocks[i], pix[8*i:], stride, q)
	}
}

func transformBlock(blk *block, pix []byte, stride int, q *quantizer) (mask uint64) {
	var columns, coefficients [64]int32
	for x := range 8 {
		var s [8]int32
		for y := range s {
			s[y] = int32(pix[y*stride+x])
		}
		dc, out := pass(&s, round1, shift1)
		out[0], out[4] = (dc-8*128)<<between, out[4]<<between
		for v := range 8 {
			columns[8*v+x] = out[v]
		}
	}
	for v := range 8 {
		dc, out := pass((*[8]int32)(columns[8*v:]), round2, shift2)
		out[0], out[4] = (dc+1<<(between-1))>>between, (out[4]+1<<(between-1))>>between
		for u := range 8 {
			coefficients[8*u+v] = out[u]
		}
	}
	for k, at := range zigzag {
		at = at%8*8 + at/8
		v := q.quantize(coefficients[at], int(at))
		blk[k] = int16(v)
		if v != 0 {
			mask |= 1 << k
		}
	}
	return mask | inPicture
}

// pass is an 8-point transform whose results 0, apart, and 4 are not shifted.
func pass(s *[8]int32, round int32, shift uint) (dc int32, out [8]int32) {
	t0, t1, t2, t3 := s[0]+s[7], s[1]+s[6], s[2]+s[5], s[3]+s[4]
	d0, d1, d2, d3 := s[0]-s[7], s[1]-s[6], s[2]-s[5], s[3]-s[4]
	a, b := t0-t3, t1-t2
	out[2] = (a*cos2 + b*cos6 + round) >> shift
	out[6] = (a*cos6 - b*cos2 + round) >> shift
	out[1] = (d0*cos1 + d1*cos3 + d2*cos5 + d3*cos7 + round) >> shift
	out[3] = (d0*cos3 - d1*cos7 - d2*cos1 - d3*cos5 + round) >> shift
	out[5] = (d0*cos5 - d1*cos1 + d2*cos7 + d3*cos3 + round) >> shift
	out[7] = (d0*cos7 - d1*cos5 + d2*cos3 - d3*cos1 + round) >> shift
	out[4] = t0 + t3 - t1 - t2
	return t0 + t1 + t2 + t3, out
}

func (q *quantizer) quantize(coefficient int32, at int) int32 {
	sign := coefficient >> 31
	magnitude := uint32((coefficient^sign)-sign) + uint32(q.half[at])
	quotient := magnitude * uint32(q.reciprocal[at]) >> 16 * uint32(q.scale[at]) >> 16
	return (int32(quotient) ^ sign) - sign
}
