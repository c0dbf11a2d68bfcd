package baselinejpeg

// zigzag is where a coefficient of that number lies in its block, row by row (T.81 figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// The tables of T.81 K.1, for luma and chroma, row by row.
var baseTables = [2][64]uint8{
	{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	},
	{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	},
}

// steps scales a base table by quality, 1 to 100, as libjpeg's jpeg_quality_scaling does.
func steps(base *[64]uint8, quality int) (table [64]uint8) {
	quality = min(max(quality, 1), 100)
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	for i, b := range base {
		table[i] = uint8(min(max((int(b)*percent+50)/100, 1), 255))
	}
	return table
}

// quantizer divides coefficients, 8 times too large as the transform leaves them, and rounds halves away from 0.
//
// It does so by (magnitude + half) × reciprocal >> 16 × scale >> 16, which is the exact quotient by 8 steps: the product of
// reciprocal and scale is 2^32 / divisor rounded up by less than scale, and magnitude + half is below 2^15. All three
// tables are column by column, as the transform leaves coefficients.
type quantizer struct {
	half, reciprocal, scale [64]uint16
}

func newQuantizer(table *[64]uint8) (q quantizer) {
	for i := range 64 {
		divisor := 8 * uint32(table[i%8*8+i/8])
		shift := uint32(2)
		for divisor > 2<<shift {
			shift++
		}
		// Now 2^shift < divisor <= 2^(shift+1), so that the reciprocal has 16 bits and at least half of its range.
		q.half[i] = uint16(divisor / 2)
		q.reciprocal[i] = uint16((1<<(16+shift) + divisor - 1) / divisor)
		q.scale[i] = uint16(1 << (16 - shift))
	}
	return q
}
