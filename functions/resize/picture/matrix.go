package picture

import "math"

// matrix maps one linear colour to another, by rows.
type matrix [3][3]float64

var (
	// whiteD50 is the white that profiles connect by, in XYZ (ICC.1:2022, 7.2.16).
	whiteD50 = [3]float64{0.9642, 1, 0.8249}
	// fromSRGB is linear sRGB as XYZ, adapted from D65 to D50 as Bradford does (ICC's "How to interpret the sRGB color space").
	fromSRGB = matrix{
		{0.4360657, 0.3851515, 0.1430784},
		{0.2224932, 0.7168870, 0.0606169},
		{0.0139160, 0.0970764, 0.7140961},
	}
)

func (m matrix) times(n matrix) (product matrix) {
	for row := range 3 {
		for column := range 3 {
			for i := range 3 {
				product[row][column] += m[row][i] * n[i][column]
			}
		}
	}
	return product
}

// inverse is by cofactors. m has to have one; that of no determinant is all zero.
func (m matrix) inverse() (inverse matrix) {
	cofactor := func(row, column int) float64 {
		a, b, c, d := (row+1)%3, (row+2)%3, (column+1)%3, (column+2)%3
		return m[a][c]*m[b][d] - m[a][d]*m[b][c]
	}
	determinant := m[0][0]*cofactor(0, 0) + m[0][1]*cofactor(0, 1) + m[0][2]*cofactor(0, 2)
	if determinant == 0 {
		return matrix{}
	}
	for row := range 3 {
		for column := range 3 {
			inverse[column][row] = cofactor(row, column) / determinant
		}
	}
	return inverse
}

func (m matrix) near(n matrix, tolerance float64) bool {
	for row := range 3 {
		for column := range 3 {
			if math.Abs(m[row][column]-n[row][column]) > tolerance {
				return false
			}
		}
	}
	return true
}
