package inflate

// lengthOrder is in which the lengths of the length codes come (RFC 1951, 3.2.7).
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

var lengthMeanings = func() (m [19]entry) {
	for i := range m {
		m[i] = number(i, 0)
	}
	return m
}()

// readTables reads the head of a block that brings its codes.
func (r *Reader) readTables() error {
	head, err := r.take(14)
	if err != nil {
		return err
	}
	lits, dists, lens := int(head&31)+257, int(head>>5&31)+1, int(head>>10)+4
	if lits > mostLits || dists > mostDists {
		return errLengths
	}
	var lengths [mostLits + mostDists]uint8
	for _, symbol := range lengthOrder[:lens] {
		n, err := r.take(3)
		if err != nil {
			return err
		}
		lengths[symbol] = uint8(n)
	}
	var table [lenSize]entry
	if err := fill(table[:], lenBits, lengths[:len(lengthOrder)], lengthMeanings[:]); err != nil {
		return err
	}
	clear(lengths[:len(lengthOrder)])
	if err := r.readLengths(lengths[:lits+dists], &table); err != nil {
		return err
	}
	r.tables = &r.own
	r.own.packed = false
	if err := fill(r.own.lits[:], litBits, lengths[:lits], litMeanings[:]); err != nil {
		return err
	}
	return fill(r.own.dists[:], distBits, lengths[lits:lits+dists], distMeanings[:])
}

func (r *Reader) readLengths(lengths []uint8, table *[lenSize]entry) error {
	for i := 0; i < len(lengths); {
		if r.count < lenBits+7 {
			r.refill()
		}
		e := table[r.hold&(lenSize-1)]
		if e.used() > r.count {
			return errTruncated
		}
		if e&kindMask == kindNone {
			return errCode
		}
		r.drop(e.used())
		symbol := e.base()
		if symbol < 16 {
			lengths[i] = uint8(symbol)
			i++
			continue
		}
		repeated, least, extra := uint8(0), 3, uint(3)
		switch symbol {
		case 16:
			if i == 0 {
				return errLengths
			}
			repeated, extra = lengths[i-1], 2
		case 18:
			least, extra = 11, 7
		}
		more, err := r.take(extra)
		if err != nil {
			return err
		}
		n := least + int(more)
		if i+n > len(lengths) {
			return errLengths
		}
		for range n {
			lengths[i] = repeated
			i++
		}
	}
	return nil
}
