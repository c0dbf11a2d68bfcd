//go:build amd64 || arm64

package planar

// columnLanes is the narrowest row that the vector kernel takes: it does a ragged end by going back.
const columnLanes = 32

func columns(row []int16, pix []byte, stride int, coefs []int16, taps int, bits uint) {
	if !haveVectors || len(row) < columnLanes {
		columnsScalar(row, pix, stride, coefs, taps, bits)
		return
	}
	// What the kernel reads: slicing checks it.
	pix = pix[:(taps-1)*stride+len(row)]
	coefs = coefs[:taps+taps&1]
	columnsVector(&row[0], len(row), &pix[0], stride, &coefs[0], taps, bits-middleBits)
}

func rows(dst []byte, sums []int16, k *kernel) {
	if !haveVectors {
		rowsScalar(dst, sums, k)
		return
	}
	pitch := k.chunks * acrossLanes
	_ = sums[k.high-k.low+pitch] // no start is larger than high-low
	groups, rest := len(dst)/acrossLanes, len(dst)%acrossLanes
	starts := k.starts[:(groups+(rest+acrossLanes-1)/acrossLanes)*acrossLanes]
	coefs := k.coefs[:len(starts)*pitch]
	shift := k.bits + middleBits
	if groups > 0 {
		rowsVector(&dst[0], &sums[0], &starts[0], &coefs[0], groups, k.chunks, shift)
	}
	if rest > 0 {
		var last [acrossLanes]byte
		done := groups * acrossLanes
		rowsVector(&last[0], &sums[0], &starts[done], &coefs[done*pitch], 1, k.chunks, shift)
		copy(dst[done:], last[:])
	}
}

// columnsVector writes width ≥ 32 sums. It reads taps rows of width samples, and taps coefficients rounded up to even.
//
//go:noescape
func columnsVector(row *int16, width int, pix *byte, stride int, coefs *int16, taps int, shift uint)

// rowsVector writes 8 samples for each group. It reads 8 starts and 64×chunks coefs for each, and 8×chunks sums from each start.
//
//go:noescape
func rowsVector(dst *byte, sums *int16, starts *int32, coefs *int16, groups, chunks int, shift uint)
