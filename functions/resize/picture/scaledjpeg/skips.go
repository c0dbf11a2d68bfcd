package scaledjpeg

// skipBits is how many bits are looked up to pass over coefficients.
const skipBits = 12

// skip is as many AC coefficients as have their codes within skipBits bits; the last one's magnitude may lie
// outside. From the lowest bit: length of all in bits (6), end of block (2), how far to advance (8; skipNone: there
// is none; an end of block advances by skipEnd more).
type skip uint16

const (
	skipEnd     = 64
	skipNone    = 63
	endsBlock   = 1 << 7
	longestSkip = 28 // bits: half of what a window has at least after a refill
)

func (s skip) length() uint  { return uint(s & 63) }
func (s skip) advance() uint { return uint(s >> 8) }
func (s skip) ends() bool    { return s&endsBlock != 0 }

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
			return skip(length+n) | endsBlock | skip(advance+skipEnd)<<8
		}
		if advance+run+1 > 62 || length+n+size > longestSkip {
			break
		}
		length += n + size
		advance += run + 1
	}
	if length == 0 {
		return skipNone << 8
	}
	return skip(length) | skip(advance)<<8
}
