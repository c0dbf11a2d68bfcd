package scaledjpeg

// Every arm64 machine has the vector instructions that are used here.

// transform8 makes 8×8 samples at the beginning of pix of the 8×8 coefficients in blk.
func transform8(pix []byte, stride int, blk []int16, f *factors) {
	_, _ = pix[7*stride+7], blk[63]
	transform8NEON(&pix[0], stride, &blk[0], f)
}

// transform4 makes 4×4 samples of the 4×4 coefficients in blk.
func transform4(pix []byte, stride int, blk []int16, f *factors) {
	_, _ = pix[3*stride+3], blk[15]
	transform4NEON(&pix[0], stride, &blk[0], f)
}

// transform3 makes 3×3 samples of the 3×3 coefficients in blk; f is 0 for others.
func transform3(pix []byte, stride int, blk []int16, f *factors) {
	_, _ = pix[2*stride+2], blk[15]
	transform3NEON(&pix[0], stride, &blk[0], f)
}

// transform8NEON writes 8 rows of 8 bytes and nothing else. It reads 64 coefficients.
//
//go:noescape
func transform8NEON(pix *byte, stride int, blk *int16, f *factors)

// transform4NEON writes 4 rows of 4 bytes and nothing else. It reads 16 coefficients.
//
//go:noescape
func transform4NEON(pix *byte, stride int, blk *int16, f *factors)

// transform3NEON writes 3 rows of 3 bytes and nothing else. It reads 16 coefficients.
//
//go:noescape
func transform3NEON(pix *byte, stride int, blk *int16, f *factors)

// The scalar passes as linear sums. The first four factors are for the even coefficients of 8.
var sums8 = [16]int16{
	1 << fraction, c0_541 + c0_765, c0_541, c0_541 - c1_847,
	c1_501 - c0_899 - c0_390 + c1_175, // 4: of coefficient 1 in odd result 0
	c1_175,                            // 5
	c1_175 - c0_390,                   // 6
	c1_175 - c0_899,                   // 7
	c3_072 - c2_562 - c1_961 + c1_175, // 8: of 3 in 1
	c1_175 - c2_562,                   // 9
	c1_175 - c1_961,                   // 10
	c2_053 - c2_562 - c0_390 + c1_175, // 11: of 5 in 2
	c0_298 - c0_899 - c1_961 + c1_175, // 12: of 7 in 3
}

// The same for 4 points: of coefficients 0 and 2, twice, then of 1 and 3, twice.
var sums4 = [8]int16{
	1 << fraction, 1 << fraction, 1 << fraction, -1 << fraction,
	c0_541 + c0_765, c0_541, c0_541, c0_541 - c1_847,
}

// And for 3 points as if they were 4, of which the third is the second again.
var sums3 = [8]int16{1 << fraction, c0_707, 1 << fraction, -2 * c0_707, c1_224, 0, 0, 0}

// rounds are what the passes add before they shift.
var rounds = [2]int32{round1, round2}
