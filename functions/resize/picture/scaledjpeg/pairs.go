package scaledjpeg

// pairBits is how many bits are looked up for two coefficients at once.
const pairBits = 11

// pair is up to two AC coefficients whose codes and magnitudes lie within pairBits bits, and an end of block that may
// follow them. From the lowest byte: the first value, how many zeros come before it, the second value, its distance
// from the next coefficient (7 bits), and in the highest bit whether the block ends. A single coefficient is both the
// first and the second; of none, where the block ends at once, the values are 0.
//
// If there is no such pair, pairNone is in the place of the zeros. Then the first byte has the size of the value that
// the bits begin with, and the third the zeros before it; a size of 0 means that not even its code lies within the bits.
type pair uint32

const (
	pairNone = 63
	// pairEnd is how much farther an end of block advances: more than any block without one can reach.
	pairEnd = 128
	// largestPaired is that a value fits a byte.
	largestPaired = 127
)

func (p pair) zeros() uint    { return uint(p>>8) & 255 }
func (p pair) second() uint   { return uint(p>>24) & 127 }
func (p pair) advance() uint  { return uint(p>>24) + 1 }
func (p pair) value1() int16  { return int16(int8(p)) }
func (p pair) value2() int16  { return int16(int8(p >> 16)) }
func (p pair) hasValue() bool { return p&0x00FF00FF != 0 }

// pairTable has the pair that its index begins with, and how many bits it has; of none, those of the code. The lengths
// are apart because the next lookup waits for nothing else, and so few bytes stay at hand.
type pairTable struct {
	pairs   [1 << pairBits]pair
	lengths [1 << pairBits]uint8
	peak    int32 // of the values' magnitudes
}

func (c *code) pairs() *pairTable {
	t := new(pairTable)
	var singles [1 << pairBits]single
	for at := 0; at < len(singles); {
		s := c.single(uint(at))
		end := at + 1
		if s.length > 0 { // what follows its bits does not matter
			end = at + 1<<(pairBits-s.length)
			t.peak = max(t.peak, magnitudeOf(s.value))
		}
		for ; at < end; at++ {
			singles[at] = s
		}
	}
	for bits := range t.pairs {
		first := singles[bits]
		if first.length == 0 {
			t.pairs[bits], t.lengths[bits] = c.none(uint(bits))
			continue
		}
		// The bits beyond are 0 here, which does not matter if the second coefficient has none of them.
		second := singles[bits<<first.length&(1<<pairBits-1)]
		if first.length+second.length > pairBits {
			second = single{}
		}
		t.pairs[bits], t.lengths[bits] = pairOf(first, second)
	}
	return t
}

func magnitudeOf(v int16) int32 { return max(int32(v), -int32(v)) }

// pairOf returns the pair of two coefficients, and its length; second may have none.
func pairOf(first, second single) (pair, uint8) {
	length := first.length + second.length
	switch {
	case first.end:
		return newPair(0, 0, 0, 0, true), first.length
	case second.length == 0 || second.end:
		return newPair(first.run, first.run, first.value, first.value, second.end), length
	}
	return newPair(first.run, first.run+1+second.run, first.value, second.value, false), length
}

func newPair(first, second uint8, value1, value2 int16, end bool) pair {
	p := pair(uint8(value1)) | pair(first)<<8 | pair(uint8(value2))<<16 | pair(second)<<24
	if end {
		p += pairEnd << 24
	}
	return p
}

// none is the pair of a value that has too many bits.
func (c *code) none(bits uint) (pair, uint8) {
	entry := c.short[bits]
	length, run, size := uint8(entry>>8), entry>>4&15, entry&sizeOfSymbol
	if entry == 0 || size == 0 || size > largestAC {
		return pairNone << 8, 0
	}
	return pair(size) | pairNone<<8 | pair(run)<<16, length
}

// single is a decoded symbol: so many zeros, then a value; or the end of the block.
type single struct {
	value  int16
	run    uint8
	length uint8 // of all bits; 0: none
	end    bool
}

// single decodes the coefficient at the beginning of pairBits bits, if all of it lies within them and its value in a byte.
func (c *code) single(bits uint) single {
	entry := c.short[bits] // shortBits is pairBits
	length, symbol := uint(entry>>8), uint(entry&255)
	size := symbol & sizeOfSymbol
	switch {
	case entry == 0, length+size > pairBits, 1<<size-1 > largestPaired:
		return single{}
	case symbol == endOfBlock:
		return single{end: true, length: uint8(length)}
	case symbol == zeroRun:
		return single{run: 15, length: uint8(length)}
	case size == 0:
		return single{}
	}
	value := extend(bits>>(pairBits-length-size)&(1<<size-1), size)
	return single{run: uint8(symbol >> 4), value: int16(value), length: uint8(length + size)}
}
