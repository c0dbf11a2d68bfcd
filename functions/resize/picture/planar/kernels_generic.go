//go:build !amd64 && !arm64

package planar

func columns(row []int16, pix []byte, stride int, coefs []int16, taps int, bits uint) {
	columnsScalar(row, pix, stride, coefs, taps, bits)
}

func rows(dst []byte, sums []int16, k *kernel) {
	rowsScalar(dst, sums, k)
}
