package scaledjpeg

// skipBits is how many bits are looked up to pass over coefficients.
const skipBits = 12

// skip is as many AC coefficients as have their codes within skipBits bits; the last one's magnitude may lie
// outside. From the lowest bit: length of all in bits (6), how far to advance (7; skipNone: there is none), end of block (1).
type skip uint16

const (
	skipEnd     = 1 << 13
	skipNone    = 127
	longestSkip = 28 // bits: what a window has left at least after a DC coefficient
)

func (c *code) skips() *[1 << skipBits]skip {
	table := new([1 << skipBits]skip)
	for bits := range table {
		table[bits] = c.skip(uint(bits))
	}
	return table
}

func (c *code) skip(bits uint) skip {
	var length, advance uint
	for length < skipBits {
		symbol, n := c.lookup(uint64(bits) << (64 - skipBits) << length)
		size := uint(symbol & sizeOfSymbol)
		run := uint(symbol >> 4)
		if n == 0 || length+n > skipBits || size > largestAC || size == 0 && symbol != zeroRun && symbol != endOfBlock {
			break
		}
		if symbol == endOfBlock {
			return skip(length+n) | skip(advance)<<6 | skipEnd
		}
		if advance+run+1 > 63 || length+n+size > longestSkip {
			break
		}
		length += n + size
		advance += run + 1
	}
	if length == 0 {
		return skipNone << 6
	}
	return skip(length) | skip(advance)<<6
}
