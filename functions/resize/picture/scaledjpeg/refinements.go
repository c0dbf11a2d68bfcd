package scaledjpeg

// refinementBits is how many bits are looked up for a symbol of a scan that refines.
const refinementBits = shortBits

// refinement is a symbol of a scan that refines and what belongs to it: a coefficient that appears, the zeros before
// it, a run of zeros, or an end of band. From the lowest bit: length of all in bits (6), whether a coefficient appears
// (1), whether it is negative (1), how many zeros come before (8), how many blocks end (16). 0: none.
type refinement uint32

func (e refinement) length() uint { return uint(e & 63) }
func (e refinement) seen() uint64 { return uint64(e) >> 6 & 1 }
func (e refinement) value() int16 { return int16(e>>6&1) - int16(e>>6&2) }
func (e refinement) zeros() uint  { return uint(e>>8) & 15 }
func (e refinement) ends() bool   { return e>>16 != 0 }
func (e refinement) blocks() int  { return int(e >> 16) }

func (c *code) refinements() *[1 << refinementBits]refinement {
	table := new([1 << refinementBits]refinement)
	for bits := range table {
		entry := c.short[bits] // shortBits is refinementBits
		if entry == 0 {
			continue
		}
		e, v := refinementOf(byte(entry), uint(entry>>8), uint64(bits)<<(64-refinementBits))
		if v == onlyDC && e.length() <= refinementBits {
			table[bits] = e
		}
	}
	return table
}

// refinement returns what window begins with.
func (c *code) refinement(window uint64) (refinement, verdict) {
	symbol, length := c.lookup(window)
	if length == 0 {
		return 0, badCode
	}
	return refinementOf(symbol, length, window)
}

// refinementOf returns what window begins with, having that symbol with a code of that length.
func refinementOf(symbol byte, length uint, window uint64) (refinement, verdict) {
	run, size := uint(symbol>>4), uint(symbol&sizeOfSymbol)
	window <<= length
	switch {
	case size > 1:
		return 0, badSymbol
	case size == 1:
		negative := ^window >> 63
		return refinement(length+1) | 1<<6 | refinement(negative)<<7 | refinement(run)<<8, onlyDC
	case symbol == zeroRun:
		return refinement(length) | 15<<8, onlyDC
	}
	blocks := 1<<run | window>>1>>(63-run)
	return refinement(length+run) | refinement(blocks)<<16, onlyDC
}
