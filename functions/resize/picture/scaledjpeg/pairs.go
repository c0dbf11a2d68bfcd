package scaledjpeg

// pairBits is how many bits are looked up for two coefficients at once.
const pairBits = 11

// pair is up to two AC coefficients whose codes and magnitudes lie within pairBits bits, and an end of block that
// follows them. From the lowest bit: length of all in bits (6), offset of the first coefficient (6; pairNone: there
// is none), offset of the second (7), how far to advance (8), the first value (16), the second (16). Offsets count
// from the next coefficient. With one coefficient the second is the 0 after it.
type pair uint64

const (
	pairNone = 63
	// pairEnd is the advance of an end of block: more than any block without one can reach.
	pairEnd = 128
)

func (c *code) pairs() *[1 << pairBits]pair {
	table := new([1 << pairBits]pair)
	for bits := range table {
		table[bits] = c.pair(uint(bits))
	}
	return table
}

func (c *code) pair(bits uint) pair {
	first, ok := c.complete(bits, 0)
	if !ok {
		return pairNone << 6
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

func newPair(length, first, second, advance uint, value1, value2 int16) pair {
	return pair(length) | pair(first)<<6 | pair(second)<<12 | pair(advance)<<19 |
		pair(uint16(value1))<<32 | pair(uint16(value2))<<48
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
	magnitude := int(bits >> (pairBits - length - size) & (1<<size - 1))
	if magnitude < 1<<(size-1) {
		magnitude -= 1<<size - 1
	}
	return coefficient{run: symbol >> 4, value: int16(magnitude), length: from + length + size}, true
}
