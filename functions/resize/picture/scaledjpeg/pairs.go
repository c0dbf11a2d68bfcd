package scaledjpeg

// pairBits is how many bits are looked up for two coefficients at once.
const pairBits = 11

// pair is up to two AC coefficients whose codes and magnitudes lie within pairBits bits, and an end of block that
// follows them. From the lowest bit: length of all in bits (6), whether the first value and the second are other
// than 0 (1 each), offset of the first coefficient (8; pairNone: there is none), offset of the second (8), how far to
// advance (8), the first value (16), the second (16). Offsets count from the next coefficient. With one coefficient
// the second is the 0 after it. With none, but a code that lies within the bits, its length and its symbol's run and
// size are in the place of length, second and advance; else all these are 0.
type pair uint64

const (
	pairNone = 63
	// pairEnd is the advance of an end of block: more than any block without one can reach.
	pairEnd = 128
)

// pairTable has the pair that its index begins with.
type pairTable struct {
	pairs [1 << pairBits]pair
	peak  int32 // of the values' magnitudes
}

func (p pair) length() uint  { return uint(p & 63) }
func (p pair) first() uint   { return uint(p>>8) & 63 }
func (p pair) second() uint  { return uint(p>>16) & 127 }
func (p pair) advance() uint { return uint(p>>24) & 255 }
func (p pair) value1() int16 { return int16(p >> 32) }
func (p pair) value2() int16 { return int16(p >> 48) }
func (p pair) seen1() uint64 { return uint64(p) >> 6 & 1 }
func (p pair) seen2() uint64 { return uint64(p) >> 7 & 1 }

// values is not 0 if either value is not.
func (p pair) values() pair { return p >> 32 }

func (c *code) pairs() *pairTable {
	table := new(pairTable)
	for bits := range table.pairs {
		p := c.pair(uint(bits))
		table.pairs[bits] = p
		table.peak = max(table.peak, magnitudeOf(p.value1()), magnitudeOf(p.value2()))
	}
	return table
}

func magnitudeOf(v int16) int32 { return max(int32(v), -int32(v)) }

func (c *code) pair(bits uint) pair {
	first, ok := c.complete(bits, 0)
	if !ok {
		return c.none(bits)
	}
	if first.end {
		return newPair(first.length, 0, 0, pairEnd, 0, 0)
	}
	second, ok := c.complete(bits, first.length)
	switch {
	case !ok:
		return newPair(first.length, first.run, first.run+1, first.run+1, first.value, 0)
	case second.end:
		return newPair(second.length, first.run, first.run+1, pairEnd, first.value, 0)
	}
	at := first.run + 1 + second.run
	return newPair(second.length, first.run, at, at+1, first.value, second.value)
}

// none is the pair of a value that has too many bits.
func (c *code) none(bits uint) pair {
	entry := c.short[bits]
	length, symbol := uint(entry>>8), uint(entry&255)
	if size := symbol & sizeOfSymbol; entry == 0 || size == 0 || size > largestAC {
		return pairNone << 8
	}
	return pair(length) | pairNone<<8 | pair(symbol>>4)<<16 | pair(symbol&sizeOfSymbol)<<24
}

func newPair(length, first, second, advance uint, value1, value2 int16) pair {
	p := pair(length) | pair(first)<<8 | pair(second)<<16 | pair(advance)<<24 |
		pair(uint16(value1))<<32 | pair(uint16(value2))<<48
	if value1 != 0 {
		p |= 1 << 6
	}
	if value2 != 0 {
		p |= 1 << 7
	}
	return p
}

// coefficient is a decoded symbol: so many zeros, then a value; or the end of the block.
type coefficient struct {
	end    bool
	run    uint
	value  int16
	length uint // of all bits up to its last
}

// complete decodes the coefficient at bit from, if all of it lies within the pairBits bits.
func (c *code) complete(bits, from uint) (coefficient, bool) {
	const mask = 1<<pairBits - 1
	bits = bits << from & mask
	entry := c.short[bits] // shortBits is pairBits
	length, symbol := uint(entry>>8), uint(entry&255)
	size := symbol & sizeOfSymbol
	if entry == 0 || from+length+size > pairBits || size > largestAC {
		return coefficient{}, false
	}
	switch {
	case symbol == endOfBlock:
		return coefficient{end: true, length: from + length}, true
	case symbol == zeroRun:
		return coefficient{run: 15, length: from + length}, true
	case size == 0:
		return coefficient{}, false
	}
	value := int16(extend(bits>>(pairBits-length-size)&(1<<size-1), size))
	return coefficient{run: symbol >> 4, value: value, length: from + length + size}, true
}
