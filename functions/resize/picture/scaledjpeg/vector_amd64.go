package scaledjpeg

import "golang.org/x/sys/cpu"

// hasVectors says whether the processor has the vector and bit instructions that are used here.
func hasVectors() bool {
	return cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT
}

// transform8 makes 8×8 samples at the beginning of pix of the 8×8 coefficients in blk.
func transform8(pix []byte, stride int, blk []int16, f *factors) {
	if cpu.X86.HasAVX2 {
		_, _ = pix[7*stride+7], blk[63]
		transform8AVX2(&pix[0], stride, &blk[0], f)
		return
	}
	transform8Scalar(pix, stride, blk, f)
}

// transform4 makes 4×4 samples at the beginning of pix of the 4×4 coefficients in blk.
func transform4(pix []byte, stride int, blk []int16, f *factors) {
	if cpu.X86.HasAVX2 {
		_, _ = pix[3*stride+3], blk[15]
		transform4AVX2(&pix[0], stride, &blk[0], f)
		return
	}
	transform4Scalar(pix, stride, blk, f)
}

// transform3 makes 3×3 samples at the beginning of pix of the 3×3 coefficients in blk; f is 0 for others.
func transform3(pix []byte, stride int, blk []int16, f *factors) {
	if cpu.X86.HasAVX2 {
		_, _ = pix[2*stride+2], blk[15]
		transform3AVX2(&pix[0], stride, &blk[0], f)
		return
	}
	transform3Scalar(pix, stride, blk, f)
}

// transform8AVX2 writes 8 rows of 8 bytes and nothing else. It reads 64 coefficients.
//
//go:noescape
func transform8AVX2(pix *byte, stride int, blk *int16, f *factors)

// transform4AVX2 writes 4 rows of 4 bytes and nothing else. It reads 16 coefficients.
//
//go:noescape
func transform4AVX2(pix *byte, stride int, blk *int16, f *factors)

// transform3AVX2 writes 3 rows of 3 bytes and nothing else. It reads 16 coefficients.
//
//go:noescape
func transform3AVX2(pix *byte, stride int, blk *int16, f *factors)

// paint paints blocks at their places and moves these on.
func (d *decoding) paint(slots []slot) {
	if d.vectors {
		paintAVX2(&slots[0], len(slots), 0)
		return
	}
	paintScalar(slots)
}

// paintAVX2 paints count blocks, at least 1, as paintScalar does; if phase is odd, the second that each slot has.
//
//go:noescape
func paintAVX2(slots *slot, count, phase int)

// The scalar passes as linear sums. For the even part of the first: of coefficients 0 and 4, twice, then of 2 and 6, twice.
//
//lint:ignore U1000 read by the assembly
var even = [4][16]int16(repeat([][2]int16{
	{1 << fraction, 1 << fraction}, {1 << fraction, -1 << fraction},
	{c0_541 + c0_765, c0_541}, {c0_541, c0_541 - c1_847},
}))

// And of coefficients 0 and 2, 4 and 6, 1 and 3, 5 and 7, for each of the four even and odd parts in turn.
//
//lint:ignore U1000 read by the assembly
var sums8 = [16][16]int16(repeat([][2]int16{
	{1 << fraction, c0_541 + c0_765}, {1 << fraction, c0_541},
	{c1_501 - c0_899 - c0_390 + c1_175, c1_175}, {c1_175 - c0_390, c1_175 - c0_899},

	{1 << fraction, c0_541}, {-1 << fraction, c0_541 - c1_847},
	{c1_175, c3_072 - c2_562 - c1_961 + c1_175}, {c1_175 - c2_562, c1_175 - c1_961},

	{1 << fraction, -c0_541}, {-1 << fraction, c1_847 - c0_541},
	{c1_175 - c0_390, c1_175 - c2_562}, {c2_053 - c2_562 - c0_390 + c1_175, c1_175},

	{1 << fraction, -c0_541 - c0_765}, {1 << fraction, -c0_541},
	{c1_175 - c0_899, c1_175 - c1_961}, {c1_175, c0_298 - c0_899 - c1_961 + c1_175},
}))

// The same for 4 points: of coefficients 0 and 2, then 1 and 3.
//
//lint:ignore U1000 read by the assembly
var sums4 = [4][16]int16(repeat([][2]int16{
	{1 << fraction, 1 << fraction}, {c0_541 + c0_765, c0_541},
	{1 << fraction, -1 << fraction}, {c0_541, c0_541 - c1_847},
}))

// And for 3 points as if they were 4, of which the third is the second again.
//
//lint:ignore U1000 read by the assembly
var sums3 = [4][16]int16(repeat([][2]int16{
	{1 << fraction, c0_707}, {c1_224, 0},
	{1 << fraction, -2 * c0_707}, {0, 0},
}))

// For 2 points: of coefficients 0 and 1 of a column, then of their difference; the signs of a row's odd part; the round.
//
//lint:ignore U1000 read by the assembly
var sums2 = [4][4]int32{
	{1<<16 + 1, 1<<16 + 1, 1<<16 + 1, 1<<16 + 1},
	{-1<<16 + 1, -1<<16 + 1, -1<<16 + 1, -1<<16 + 1},
	{1, -1, 1, -1},
	{4 + 128<<3, 4 + 128<<3, 4 + 128<<3, 4 + 128<<3},
}

// rounds are what the passes add before they shift.
//
//lint:ignore U1000 read by the assembly
var rounds = [2][8]int32{
	{round1, round1, round1, round1, round1, round1, round1, round1},
	{round2, round2, round2, round2, round2, round2, round2, round2},
}

// shuffles reorder 16 bytes: two rows of 4 coefficients to their even and then their odd pairs,
// 4 columns of 4 samples to rows, and the same without the third of each.
//
//lint:ignore U1000 read by the assembly
var shuffles = [3][32]byte{
	{0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15, 0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15},
	{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
	{0, 4, 12, 0, 1, 5, 13, 0, 3, 7, 15},
}

// repeat fills a vector of 8 pairs with each pair.
//
//lint:ignore U1000 makes what the assembly reads
func repeat(pairs [][2]int16) [][16]int16 {
	vectors := make([][16]int16, len(pairs))
	for i, pair := range pairs {
		for j := range vectors[i] {
			vectors[i][j] = pair[j&1]
		}
	}
	return vectors
}
