package planar

// columnBlock is how many sums are kept while rows are added up: few enough to stay in the nearest cache.
const columnBlock = 256

// column fills row with the sums for destination row y, in 1/64 of a sample, of the columns from left on.
func (k *kernel) column(row []int16, src Plane, left, y int) {
	taps := k.taps[y]
	top := k.first[y]
	start := top*src.Stride + left
	end := start + (taps-1)*src.Stride + len(row)
	pix := src.Pix[start:end:end]
	if k.wide != nil {
		columnsWide(row, pix, src.Stride, k.wide[y*k.pitch:][:taps])
		return
	}
	columns(row, pix, src.Stride, k.coefs[y*k.pitch:(y+1)*k.pitch], taps, k.bits)
}

// columnsScalar is what vector kernels do, bit for bit: row[x] is the rounded sum of coefs[t] × pix[t*stride+x] over taps, in 1/64.
func columnsScalar(row []int16, pix []byte, stride int, coefs []int16, taps int, bits uint) {
	var sums [columnBlock]int32
	shift := bits - middleBits
	for len(row) > 0 {
		n := min(len(row), columnBlock)
		acc := sums[:n]
		for x := range acc {
			acc[x] = 1 << (shift - 1)
		}
		for t, c := range coefs[:taps] {
			line := pix[t*stride:][:len(acc)]
			for x, v := range line {
				acc[x] += int32(c) * int32(v)
			}
		}
		for x, sum := range acc {
			row[x] = int16(sum >> shift)
		}
		row = row[n:]
		pix = pix[min(n, len(pix)):]
	}
}

// columnsWide is columnsScalar for kernels whose coefficients outgrow int16 sums.
func columnsWide(row []int16, pix []byte, stride int, coefs []int32) {
	var sums [columnBlock]int64
	const shift = wideBits - middleBits
	for len(row) > 0 {
		n := min(len(row), columnBlock)
		acc := sums[:n]
		for x := range acc {
			acc[x] = 1 << (shift - 1)
		}
		for t, c := range coefs {
			line := pix[t*stride:][:len(acc)]
			for x, v := range line {
				acc[x] += int64(c) * int64(v)
			}
		}
		for x, sum := range acc {
			row[x] = int16(sum >> shift)
		}
		row = row[n:]
		pix = pix[min(n, len(pix)):]
	}
}
