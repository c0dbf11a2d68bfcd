package scaledjpeg

// differenceBits is how many bits are looked up for a difference of DC coefficients.
const differenceBits = shortBits

// difference is one whose code and magnitude lie within differenceBits bits; 0: they do not. From the lowest bit:
// length of both in bits (6), value (10).
type difference uint16

func (e difference) length() uint { return uint(e & 63) }
func (e difference) value() int32 { return int32(int16(e) >> 6) }

func (c *code) differences() *[1 << differenceBits]difference {
	table := new([1 << differenceBits]difference)
	for bits := range table {
		table[bits] = c.difference(uint(bits))
	}
	return table
}

func (c *code) difference(bits uint) difference {
	entry := c.short[bits]
	length, size := uint(entry>>8), uint(entry&255)
	if entry == 0 || size > 9 || length+size > differenceBits {
		return 0
	}
	value := extend(bits>>(differenceBits-length-size)&(1<<size-1), size)
	return difference(uint16(value)<<6) | difference(length+size)
}

// extend returns the value that a magnitude of so many bits stands for (T.81 F.2.2.1).
func extend(magnitude, size uint) int {
	if size > 0 && magnitude < 1<<(size-1) {
		return int(magnitude) - (1<<size - 1)
	}
	return int(magnitude)
}
