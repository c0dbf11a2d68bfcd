//go:build amd64 || arm64

package pngplanes

const (
	wide  = 32 // bytes that upVector takes together
	lanes = 16 // that splits and weighVector take together
)

// The last pixel is always left to scalar code: 4 bytes are read and written for a pixel of 3.

func sub(row, line []byte, n int) {
	most := len(row)/n - 1
	if !haveVectors || most < 1 || n != 3 && n != 4 {
		subScalar(row, line, 0, n)
		return
	}
	_ = line[len(row)-1]
	subVector(&row[0], &line[0], most, n)
	subScalar(row, line, most*n, n)
}

func up(row, line, above []byte) {
	vectors := len(row) / wide
	if !haveVectors || vectors == 0 {
		upScalar(row, line, above)
		return
	}
	line, above = line[:len(row)], above[:len(row)]
	upVector(&row[0], &line[0], &above[0], vectors)
	done := vectors * wide
	upScalar(row[done:], line[done:], above[done:])
}

func average(row, line, above []byte, n int) {
	most := len(row)/n - 1
	if !haveVectors || most < 1 || n != 3 && n != 4 {
		averageScalar(row, line, above, 0, n)
		return
	}
	_, _ = line[len(row)-1], above[len(row)-1]
	averageVector(&row[0], &line[0], &above[0], most, n)
	averageScalar(row, line, above, most*n, n)
}

func paeth(row, line, above []byte, n int) {
	most := len(row)/n - 1
	if !haveVectors || most < 1 || n != 3 && n != 4 {
		paethScalar(row, line, above, 0, n)
		return
	}
	_, _ = line[len(row)-1], above[len(row)-1]
	paethVector(&row[0], &line[0], &above[0], most, n)
	paethScalar(row, line, above, most*n, n)
}

func split3(a, b, c, from []byte) {
	groups := len(a) / lanes
	if !haveVectors || groups == 0 {
		split3Scalar(a, b, c, from)
		return
	}
	b, c, from = b[:len(a)], c[:len(a)], from[:3*len(a)]
	split3Vector(&a[0], &b[0], &c[0], &from[0], groups)
	done := groups * lanes
	split3Scalar(a[done:], b[done:], c[done:], from[3*done:])
}

func split4(a, b, c, d, from []byte) {
	groups := len(a) / lanes
	if !haveVectors || groups == 0 {
		split4Scalar(a, b, c, d, from)
		return
	}
	b, c, d, from = b[:len(a)], c[:len(a)], d[:len(a)], from[:4*len(a)]
	split4Vector(&a[0], &b[0], &c[0], &d[0], &from[0], groups)
	done := groups * lanes
	split4Scalar(a[done:], b[done:], c[done:], d[done:], from[4*done:])
}

func weigh(colour, alpha []byte) {
	groups := len(colour) / lanes
	if !haveVectors || groups == 0 {
		weighScalar(colour, alpha)
		return
	}
	alpha = alpha[:len(colour)]
	weighVector(&colour[0], &alpha[0], groups)
	weighScalar(colour[groups*lanes:], alpha[groups*lanes:])
}

// subVector, averageVector and paethVector do count ≥ 1 pixels of n bytes, 3 or 4, at the beginning of a row, and read and write one
// byte more if n is 3.
//
//go:noescape
func subVector(row, line *byte, count, n int)

//go:noescape
func averageVector(row, line, above *byte, count, n int)

//go:noescape
func paethVector(row, line, above *byte, count, n int)

//go:noescape
func upVector(row, line, above *byte, vectors int)

//go:noescape
func split3Vector(a, b, c, from *byte, groups int)

//go:noescape
func split4Vector(a, b, c, d, from *byte, groups int)

//go:noescape
func weighVector(colour, alpha *byte, groups int)
