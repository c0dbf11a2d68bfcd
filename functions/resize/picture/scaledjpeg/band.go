package scaledjpeg

// band is an AC scan: coefficients first to last of one component, all their bits but the low ones, or the next bit.
type band struct {
	*component
	scan        *scan
	data        []byte
	vectors     bool
	first, last uint
	mask        uint64 // the band's bits in nonzero
	upTo        uint64 // bits up to the last that the transform reads
	peak        uint32 // every bit that a magnitude in the scan has
}

// decodeBand decodes an AC scan.
func (d *decoding) decodeBand(s *scan) error {
	c := s.members[0]
	if c.ac == nil {
		return errNoTable
	}
	r := band{
		component: c, scan: s, data: d.entropy.data, vectors: d.vectors,
		first: uint(s.first), last: uint(s.last), mask: indices(s.first, s.last), upTo: indices(0, int(c.last)),
	}
	if s.high > 0 {
		c.refinements = c.ac.refinements()
		return d.eachStretch(s, r.refine)
	}
	c.pairs = c.ac.pairs()
	if err := d.eachStretch(s, r.readFirst); err != nil {
		return err
	}
	c.peak |= (r.peak+1)<<s.low - 1 // whatever the low bits will be
	if c.peak >= 1<<15 {
		return errRange
	}
	return nil
}

// indices has the bits from first to last.
func indices(first, last int) uint64 { return ^uint64(0) >> (63 - last) &^ (1<<first - 1) }

// readFirst reads the first bits of blocks (T.81 G.1.2.2).
func (r *band) readFirst(b bits, t stretch) (bits, verdict) {
	at := t.row*r.blockStride + t.column
	apart := room(r.points)
	for end := at + t.count; at < end; at++ {
		if r.scan.run > 0 {
			n := min(r.scan.run, end-at)
			r.scan.run -= n
			at += n - 1
			continue
		}
		blk := (*[spare]int16)(r.coefficients[at*apart:])
		var v verdict
		if b, v = r.readFirstBlock(b, blk, &r.nonzero[at]); v > withAC {
			return b, v
		}
		if b.used() > t.end {
			return b, pastEnd
		}
	}
	return b, onlyDC
}

func (r *band) readFirstBlock(b bits, blk *[spare]int16, nonzero *uint64) (bits, verdict) {
	table, places, last, low := r.pairs, &r.places, r.last, r.scan.low
	var found uint64
	var peak uint32
	k := r.first
pairs:
	for k <= last {
		b = b.refill(r.data)
		for n := 0; ; n++ {
			if n == 5 { // 55 bits
				continue pairs
			}
			index := b.window >> (64 - pairBits)
			e := table.pairs[index]
			at := k + e.zeros()
			if at >= last { // the band may end with the first of the two
				break
			}
			b = b.drop(uint(table.lengths[index]))
			second := (k + e.second()) & 127
			put(blk, places[at], e.value1()<<low)
			put(blk, places[second], e.value2()<<low)
			found |= bit(e.value1())<<at | bit(e.value2())<<(second&63)
			peak |= uint32(magnitudeOf(e.value1()) | magnitudeOf(e.value2()))
			k += e.advance()
			if k > last {
				break pairs
			}
		}
		b = b.refill(r.data)
		symbol, length := r.ac.lookup(b.window)
		run, size := uint(symbol>>4), uint(symbol&sizeOfSymbol)
		b = b.drop(length)
		switch {
		case length == 0:
			return b, badCode
		case size == 0 && symbol != zeroRun:
			b, r.scan.run = b.readRun(run)
			*nonzero |= found
			r.peak |= peak
			return b, onlyDC
		case size > largestAC:
			return b, badSymbol
		}
		k += run
		if k > last {
			return b, badRun
		}
		if size > 0 {
			value := int16(b.magnitude(size))
			put(blk, places[k], value<<low)
			found |= 1 << k
			peak |= uint32(magnitudeOf(value))
		}
		b = b.drop(size)
		k++
	}
	if k > last+1 && k < pairEnd {
		return b, badRun
	}
	*nonzero |= found
	r.peak |= peak
	return b, onlyDC
}

// put sets the coefficient at a place, if that is not nowhere.
func put(blk *[spare]int16, at uint8, value int16) {
	somewhere := int16(at>>6) - 1 // all bits, or none
	blk[at&63] ^= (blk[at&63] ^ value) & somewhere
}

// bit is 1 if a value is not 0.
func bit(value int16) uint64 { return uint64(uint16(value|-value)) >> 15 }

// readRun reads how many more blocks end where this one does: of so many bits, and one that is not written.
func (b bits) readRun(size uint) (bits, int) {
	run := 1<<size | int(b.window>>1>>(63-size))
	return b.drop(size), run - 1
}
