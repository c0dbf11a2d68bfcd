package scaledjpeg

import mathbits "math/bits"

// refineScalar reads the next bit of blocks (T.81 G.1.2.3).
func (r *band) refineScalar(b bits, t stretch) (bits, verdict) {
	at := t.row*r.blockStride + t.column
	apart := room(r.points)
	for end := at + t.count; at < end; at++ {
		known := r.nonzero[at] & r.mask
		if r.scan.run > 0 {
			r.scan.run--
			if known == 0 {
				continue
			}
			count := uint(mathbits.OnesCount64(known))
			var bits uint64
			bits, b = b.refill(r.data).take(r.data, count)
			r.correct((*[spare]int16)(r.coefficients[at*apart:]), known, bits<<(64-count))
		} else {
			var v verdict
			if b, v = r.refineBlock(b, (*[spare]int16)(r.coefficients[at*apart:]), &r.nonzero[at]); v > withAC {
				return b, v
			}
		}
		if b.used() > t.end {
			return b, pastEnd
		}
	}
	return b, onlyDC
}

// refineBlock reads which coefficients appear, having been 0 so far. Before each come those that are known and that it
// passes by, with a bit for each, which is gathered until the block ends.
func (r *band) refineBlock(b bits, blk *[spare]int16, nonzero *uint64) (bits, verdict) {
	table, places, data := r.refinements, &r.places, r.data
	known := *nonzero & r.mask
	rest := r.mask // what is not passed by
	zeros := rest &^ known
	delta := int16(1) << (r.scan.low & 15)
	var corrections, found uint64
	var count uint
	for rest != 0 {
		b = b.refill(data)
		e := table[b.window>>(64-refinementBits)]
		if e == 0 {
			var v verdict
			if e, v = r.ac.refinement(b.window); v != onlyDC {
				return b, v
			}
		}
		b = b.drop(e.length())
		if e.ends() {
			r.scan.run = e.blocks() - 1
			break
		}
		passed := e.zeros()
		for passed > 3 {
			zeros &= zeros - 1
			passed--
		}
		z1 := zeros & (zeros - 1)
		z2 := z1 & (z1 - 1)
		z3 := z2 & (z2 - 1)
		if passed > 0 {
			zeros = z1
		}
		if passed > 1 {
			zeros = z2
		}
		if passed > 2 {
			zeros = z3
		}
		if zeros == 0 {
			return b, badRun
		}
		at := uint(mathbits.TrailingZeros64(zeros))
		between := known & rest & (1<<(at&63) - 1)
		n := uint(mathbits.OnesCount64(between))
		if n > b.count {
			// rare
			var more uint64
			more, b = b.take(data, n)
			corrections = corrections<<n | more
		} else {
			corrections = corrections<<(n&63) | b.window>>1>>((63-n)&63)
			b = b.drop(n)
		}
		count += n
		if e.seen() != 0 {
			put(blk, places[at], e.value()*delta)
		}
		found |= e.seen() << (at & 63)
		zeros &= zeros - 1
		rest &= ^uint64(1) << (at & 63)
	}
	*nonzero |= found
	if between := known & rest; between != 0 {
		n := uint(mathbits.OnesCount64(between))
		var more uint64
		more, b = b.take(data, n)
		corrections = corrections<<n | more
		count += n
	}
	if count > 0 {
		r.correct(blk, known, corrections<<(64-count))
	}
	return b, onlyDC
}

// correct adds bits, from the highest on, to the known coefficients, one to each.
func (r *band) correct(blk *[spare]int16, known, bits uint64) {
	delta := int16(1) << (r.scan.low & 15)
	places := &r.places
	for rest := known & r.upTo; rest != 0; rest &= rest - 1 {
		at := places[mathbits.TrailingZeros64(rest)&63]
		somewhere := int16(at>>6) - 1
		negative := blk[at&63] >> 15
		more := delta & somewhere & int16(int64(bits)>>63)
		blk[at&63] += more ^ negative - negative
		bits <<= 1
	}
}

// take returns the next n bits, n at most 64.
func (b bits) take(data []byte, n uint) (uint64, bits) {
	var high uint64
	if n > b.count {
		b = b.refill(data)
	}
	if n > 32 {
		high = b.window >> 32
		b = b.drop(32).refill(data)
		n -= 32
	}
	return high<<n | b.window>>1>>(63-n), b.drop(n)
}
