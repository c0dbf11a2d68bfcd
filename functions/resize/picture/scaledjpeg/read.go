package scaledjpeg

// readBlock reads a block of a sequential picture.
func (c *component) readBlock(data []byte, b bits, blk *block) (bits, verdict) {
	b, v := c.readDC(data, b)
	if v != onlyDC {
		return b, v
	}
	if c.points == 1 {
		blk[0] = int16(c.prediction)
		return c.skipAC(data, b, 1)
	}
	blk.clear(c.points)
	blk[0] = int16(c.prediction)
	b, v = c.readAC(data, b, blk)
	if v == withAC && c.wild && c.overflows(blk[:]) {
		return b, badRange
	}
	return b, v
}

// readDC reads a DC coefficient into the prediction.
func (c *component) readDC(data []byte, b bits) (bits, verdict) {
	b = b.refill(data)
	if e := c.differences[b.window>>(64-differenceBits)]; e != 0 {
		c.prediction += e.value()
		b = b.drop(e.length())
	} else {
		size, length := c.dc.lookup(b.window)
		if length == 0 {
			return b, badCode
		}
		if size > largestDC {
			return b, badSymbol
		}
		b = b.drop(length)
		c.prediction += b.magnitude(uint(size))
		b = b.drop(uint(size))
	}
	if uint32(c.prediction-c.leastDC) > c.spanDC {
		return b, badRange
	}
	return b, onlyDC
}

// readAC reads the AC coefficients of a block: those up to last into blk, which must be 0 there; the others it
// passes over.
func (c *component) readAC(data []byte, b bits, blk *block) (bits, verdict) {
	table, places, last := c.pairs, &c.places, c.last
	found := onlyDC
	var seen pair
	k := uint(1)
pairs:
	for k <= last {
		b = b.refill(data)
		for n := 0; ; n++ {
			if n == 5 { // 55 bits
				continue pairs
			}
			index := b.window >> (64 - pairBits)
			e := table.pairs[index]
			at := k + e.zeros()
			if at >= 63 { // the block may end with the first of the two
				break
			}
			b = b.drop(uint(table.lengths[index]))
			blk[places[at]] = e.value1()
			blk[places[(k+e.second())&127]] = e.value2()
			k += e.advance()
			seen |= e
			if k > last {
				break pairs
			}
		}
		b = b.refill(data)
		symbol, length := c.ac.lookup(b.window)
		run, size := uint(symbol>>4), uint(symbol&sizeOfSymbol)
		b = b.drop(length)
		switch {
		case length == 0:
			return b, badCode
		case symbol == endOfBlock:
			return b, seen.verdict(found)
		case size > largestAC || size == 0 && symbol != zeroRun:
			return b, badSymbol
		}
		k += run
		if k > 63 {
			return b, badRun
		}
		if size > 0 {
			value := int16(b.magnitude(size))
			if !fits(value, c.divisors[k]) {
				return b, badRange
			}
			blk[places[k]] = value
			found = withAC
		}
		b = b.drop(size)
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
	return b, seen.verdict(found)
}

// verdict is withAC if a value is not 0, else the other.
func (p pair) verdict(other verdict) verdict {
	if p.hasValue() {
		return withAC
	}
	return other
}

// skipAC passes over the coefficients of a block from index k on.
func (c *component) skipAC(data []byte, b bits, k uint) (bits, verdict) {
	skips := c.skips
skips:
	for k < 64 {
		b = b.refill(data)
		for n := 0; ; n++ {
			if n == 2 { // 2 times longestSkip bits
				continue skips
			}
			e := skips[b.window>>(64-skipBits)]
			next := k + e.advance()
			if next <= 63 {
				b, k = b.drop(e.length()), next
				continue
			}
			if e.ends() && next-skipEnd <= 63 {
				return b.drop(e.length()), onlyDC
			}
			break
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
		k += run + 1
	}
	if k > 64 {
		return b, badRun
	}
	return b, onlyDC
}
