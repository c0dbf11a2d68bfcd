package planar

// row makes a destination row of the sums that column left.
func (k *kernel) row(dst []byte, sums []int16) {
	if k.wide != nil {
		k.rowWide(dst, sums)
		return
	}
	rows(dst, sums, k)
}

// rowsScalar is what vector kernels do, bit for bit: each output is the clamped, rounded sum of its coefs × sums.
func rowsScalar(dst []byte, sums []int16, k *kernel) {
	shift := k.bits + middleBits
	step := acrossLanes * acrossLanes
	for i := range dst {
		at := packed(k.chunks, i, 0)
		line := sums[k.starts[i]:]
		acc := int32(1) << (shift - 1)
		for range k.chunks {
			c := k.coefs[at:][:acrossLanes]
			s := line[:acrossLanes]
			acc += int32(c[0])*int32(s[0]) + int32(c[1])*int32(s[1]) + int32(c[2])*int32(s[2]) + int32(c[3])*int32(s[3]) +
				int32(c[4])*int32(s[4]) + int32(c[5])*int32(s[5]) + int32(c[6])*int32(s[6]) + int32(c[7])*int32(s[7])
			at += step
			line = line[acrossLanes:]
		}
		dst[i] = uint8(min(max(acc>>shift, 0), 255))
	}
}

func (k *kernel) rowWide(dst []byte, sums []int16) {
	const shift = wideBits + middleBits
	for i := range dst {
		c := k.wide[i*k.pitch:][:k.taps[i]]
		s := sums[k.first[i]-k.low:][:len(c)]
		acc := int64(1) << (shift - 1)
		for t, v := range s {
			acc += int64(c[t]) * int64(v)
		}
		dst[i] = uint8(min(max(acc>>shift, 0), 255))
	}
}
