package scaledjpeg

const (
	shortBits   = 11 // codes up to this length take one lookup
	longestCode = 16

	largestDC = 11 // bits of a DC difference, and of an AC coefficient, of 8-bit samples (T.81 F.1.2)
	largestAC = 10

	// Symbols of AC coefficients: a run of zeros in the upper half, the value's size in bits in the lower.
	endOfBlock   = 0x00
	zeroRun      = 0xF0
	sizeOfSymbol = 0x0F
)

// code is a canonical Huffman code (T.81 annex C): of the codes of a length, each is one more than the one before.
type code struct {
	symbols [256]byte
	// below[n] is the first 16 bits that are no code of n bits or fewer, and first[n] what to add to a code
	// of n bits to have its symbol's index.
	below [longestCode + 1]uint32
	first [longestCode + 1]int32
	// short has length<<8 | symbol of the code that its index begins with; 0: longer, or none.
	short [1 << shortBits]uint16
}

// readCode reads 16 counts, of codes by their length, and the symbols in order of their codes.
func (c *code) readCode(p []byte) error {
	total, next := 0, 0
	for n := 1; n <= longestCode; n++ {
		count := int(p[n-1])
		c.first[n] = int32(total - next)
		total, next = total+count, next+count
		if next > 1<<n || longestCode+total > len(p) || total > len(c.symbols) {
			return FormatError("huffman table with too many codes")
		}
		c.below[n] = uint32(next) << (longestCode - n)
		next <<= 1
	}
	copy(c.symbols[:], p[longestCode:])
	c.fillShort(p)
	return nil
}

func (c *code) fillShort(counts []byte) {
	at, symbol := 0, 0
	for n := 1; n <= shortBits; n++ {
		for range counts[n-1] {
			entry := uint16(n)<<8 | uint16(c.symbols[symbol])
			width := 1 << (shortBits - n)
			for i := range width {
				c.short[at+i] = entry
			}
			at, symbol = at+width, symbol+1
		}
	}
}

// lookup returns the symbol that window begins with and the length of its code; 0: no code.
func (c *code) lookup(window uint64) (symbol byte, length uint) {
	if entry := c.short[window>>(64-shortBits)]; entry != 0 {
		return byte(entry), uint(entry >> 8)
	}
	return c.lookupLong(window)
}

func (c *code) lookupLong(window uint64) (symbol byte, length uint) {
	bits := uint32(window >> (64 - longestCode))
	for n := shortBits + 1; n <= longestCode; n++ {
		if bits < c.below[n] {
			index := int32(bits>>(longestCode-n)) + c.first[n]
			return c.symbols[index&255], uint(n)
		}
	}
	return 0, 0
}
