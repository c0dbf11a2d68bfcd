package scaledjpeg

// block holds the coefficients of a block that its transform reads, multiplied out, row by row;
// the place nowhere and those after it take the others.
type block [256]int16

// verdict is what reading a block found.
type verdict int

const (
	onlyDC verdict = iota // all other coefficients that were read are 0
	withAC
	badCode
	badSymbol
	badRun
	badRange
)

func (v verdict) err() error {
	switch v {
	case badCode:
		return errCode
	case badSymbol:
		return errSymbol
	case badRun:
		return errRun
	}
	return errRange
}

// readDC reads a DC coefficient into the prediction.
func (c *component) readDC(data []byte, b bits) (bits, verdict) {
	b = b.refill(data)
	size, length := c.dc.lookup(b.window)
	if length == 0 {
		return b, badCode
	}
	if size > largestDC {
		return b, badSymbol
	}
	b = b.drop(length)
	c.prediction += b.magnitude(uint(size))
	if uint32(c.prediction+1<<largestDC) >= 2<<largestDC {
		return b, badRange
	}
	return b.drop(uint(size)), onlyDC
}

// readAC reads the AC coefficients of a block: those up to last into blk, which must be 0 there; the others it
// passes over. Of b it needs 28 bits, as readDC leaves them.
func (c *component) readAC(data []byte, b bits, blk *block) (bits, verdict) {
	pairs, weights, last := c.pairs, &c.weights, c.last
	var seen pair   // not 0 if a coefficient is not
	var over uint32 // its upper half is not 0 if a coefficient does not fit in 16 bits
	k := uint(1)
	for k <= last {
		e := pairs[b.window>>(64-pairBits)]
		at := k + uint(e>>6)&63
		if at < 63 { // else the block may end with the first of the two
			b = b.drop(uint(e & 63)).refill(data)
			first, second := weights[at], weights[(k+uint(e>>12)&127)&127]
			k += uint(e>>19) & 255
			value1 := int32(int16(e>>32)) * first.divisor
			value2 := int32(int64(e)>>48) * second.divisor
			over |= uint32(value1+1<<15) | uint32(value2+1<<15)
			blk[first.at] = int16(value1)
			blk[second.at] = int16(value2)
			seen |= e >> 32
			continue
		}
		symbol, length := c.ac.lookup(b.window)
		run, size := uint(symbol>>4), uint(symbol&sizeOfSymbol)
		b = b.drop(length)
		switch {
		case length == 0:
			return b, badCode
		case symbol == endOfBlock:
			return b.finish(seen, over)
		case size > largestAC || size == 0 && symbol != zeroRun:
			return b, badSymbol
		}
		k += run
		if k > 63 {
			return b, badRun
		}
		value := b.magnitude(size) * weights[k].divisor
		b = b.drop(size).refill(data)
		over |= uint32(value + 1<<15)
		blk[weights[k].at] = int16(value)
		seen |= pair(size)
		k++
	}
	if k > 64 && k < pairEnd {
		return b, badRun
	}
	if k < 64 {
		var v verdict
		if b, v = c.skipAC(data, b, k); v != onlyDC {
			return b, v
		}
	}
	return b.finish(seen, over)
}

func (b bits) finish(seen pair, over uint32) (bits, verdict) {
	switch {
	case over>>16 != 0:
		return b, badRange
	case seen != 0:
		return b, withAC
	}
	return b, onlyDC
}

// skipAC passes over the coefficients of a block from index k on. Of b it needs 28 bits.
func (c *component) skipAC(data []byte, b bits, k uint) (bits, verdict) {
	skips := c.skips
	for k < 64 {
		e := skips[b.window>>(64-skipBits)]
		next := k + uint(e>>6)&127
		if next <= 63 {
			b = b.drop(uint(e & 63))
			if e&skipEnd != 0 {
				return b, onlyDC
			}
			b, k = b.refill(data), next
			continue
		}
		symbol, length := c.ac.lookup(b.window)
		run, size := uint(symbol>>4), uint(symbol&sizeOfSymbol)
		b = b.drop(length + size)
		switch {
		case length == 0:
			return b, badCode
		case symbol == endOfBlock:
			return b, onlyDC
		case size > largestAC || size == 0 && symbol != zeroRun:
			return b, badSymbol
		}
		b, k = b.refill(data), k+run+1
	}
	if k > 64 {
		return b, badRun
	}
	return b, onlyDC
}
