package pngplanes

import "golang.org/x/sys/cpu"

const (
	wide  = 32 // bytes that upAVX2 takes together
	lanes = 16 // that splits and weighAVX2 take together
)

// The last pixel is always left to scalar code: 4 bytes are read and written for a pixel of 3.

func sub(row, line []byte, n int) {
	most := len(row)/n - 1
	if !cpu.X86.HasAVX2 || most < 1 || n != 3 && n != 4 {
		subScalar(row, line, 0, n)
		return
	}
	_ = line[len(row)-1]
	subAVX2(&row[0], &line[0], most, n)
	subScalar(row, line, most*n, n)
}

func up(row, line, above []byte) {
	vectors := len(row) / wide
	if !cpu.X86.HasAVX2 || vectors == 0 {
		upScalar(row, line, above)
		return
	}
	line, above = line[:len(row)], above[:len(row)]
	upAVX2(&row[0], &line[0], &above[0], vectors)
	done := vectors * wide
	upScalar(row[done:], line[done:], above[done:])
}

func average(row, line, above []byte, n int) {
	most := len(row)/n - 1
	if !cpu.X86.HasAVX2 || most < 1 || n != 3 && n != 4 {
		averageScalar(row, line, above, 0, n)
		return
	}
	_, _ = line[len(row)-1], above[len(row)-1]
	averageAVX2(&row[0], &line[0], &above[0], most, n)
	averageScalar(row, line, above, most*n, n)
}

func paeth(row, line, above []byte, n int) {
	most := len(row)/n - 1
	if !cpu.X86.HasAVX2 || most < 1 || n != 3 && n != 4 {
		paethScalar(row, line, above, 0, n)
		return
	}
	_, _ = line[len(row)-1], above[len(row)-1]
	paethAVX2(&row[0], &line[0], &above[0], most, n)
	paethScalar(row, line, above, most*n, n)
}

func split3(a, b, c, from []byte) {
	groups := len(a) / lanes
	if !cpu.X86.HasAVX2 || groups == 0 {
		split3Scalar(a, b, c, from)
		return
	}
	b, c, from = b[:len(a)], c[:len(a)], from[:3*len(a)]
	split3AVX2(&a[0], &b[0], &c[0], &from[0], groups)
	done := groups * lanes
	split3Scalar(a[done:], b[done:], c[done:], from[3*done:])
}

func split4(a, b, c, d, from []byte) {
	groups := len(a) / lanes
	if !cpu.X86.HasAVX2 || groups == 0 {
		split4Scalar(a, b, c, d, from)
		return
	}
	b, c, d, from = b[:len(a)], c[:len(a)], d[:len(a)], from[:4*len(a)]
	split4AVX2(&a[0], &b[0], &c[0], &d[0], &from[0], groups)
	done := groups * lanes
	split4Scalar(a[done:], b[done:], c[done:], d[done:], from[4*done:])
}

func weigh(colour, alpha []byte) {
	groups := len(colour) / lanes
	if !cpu.X86.HasAVX2 || groups == 0 {
		weighScalar(colour, alpha)
		return
	}
	alpha = alpha[:len(colour)]
	weighAVX2(&colour[0], &alpha[0], groups)
	weighScalar(colour[groups*lanes:], alpha[groups*lanes:])
}

// subAVX2, averageAVX2 and paethAVX2 do count ≥ 1 pixels of n bytes, 3 or 4, at the beginning of a row, and read and write one byte
// more if n is 3.
//
//go:noescape
func subAVX2(row, line *byte, count, n int)

//go:noescape
func averageAVX2(row, line, above *byte, count, n int)

//go:noescape
func paethAVX2(row, line, above *byte, count, n int)

//go:noescape
func upAVX2(row, line, above *byte, vectors int)

//go:noescape
func split3AVX2(a, b, c, from *byte, groups int)

//go:noescape
func split4AVX2(a, b, c, d, from *byte, groups int)

//go:noescape
func weighAVX2(colour, alpha *byte, groups int)

// everyThird marks bytes 1, 4, 7 … in its first half and 2, 5, 8 … in its second.
//
//lint:ignore U1000 read by the assembly
var everyThird = [2 * lanes]byte{
	0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0,
	0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0,
}

// thirds puts samples in order once those of a channel are together: each three bytes after the last, modulo 16.
//
//lint:ignore U1000 read by the assembly
var thirds = [3 * lanes]byte{
	0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14, 1, 4, 7, 10, 13,
	1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15, 2, 5, 8, 11, 14,
	2, 5, 8, 11, 14, 1, 4, 7, 10, 13, 0, 3, 6, 9, 12, 15,
}

// quarters puts the channels of four pixels together.
//
//lint:ignore U1000 read by the assembly
var quarters = [lanes]byte{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15}
