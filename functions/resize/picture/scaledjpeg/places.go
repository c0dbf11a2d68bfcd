package scaledjpeg

// zigzag maps a coefficient's index in its block to row*8 + column (T.81 figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// nowhere is the place of coefficients that no transform reads.
const nowhere = 64

// rows8, rows4 and rows2 say where the rows of a block begin. Two rows lie interleaved, so that a column's next
// coefficient is 2 away: vector code multiplies and adds them in pairs. 3×3 coefficients lie as 4×4 do.
var (
	rows8 = [8]int{0, 32, 16, 33, 1, 48, 17, 49}
	rows4 = [4]int{0, 8, 1, 9}
	rows2 = [2]int{0, 1}
)

// room is how many coefficients a block of points×points samples has room for.
func room(points int) int {
	switch points {
	case 1:
		return 1
	case 2:
		return 4
	case 8:
		return 64
	}
	return 16
}

// place returns where a transform to points×points samples reads coefficient k of a block.
func place(k, points int) int {
	row, column := int(zigzag[k]>>3), int(zigzag[k]&7)
	if row >= points || column >= points {
		return nowhere
	}
	switch points {
	case 1:
		return 0
	case 2:
		return rows2[row] + 2*column
	case 8:
		return rows8[row] + 2*column
	}
	return rows4[row] + 2*column
}
