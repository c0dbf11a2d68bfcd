package inflate

import "encoding/binary"

const (
	// room is how many bytes of out lie free behind what decode writes: a match, and stores of 8 bytes that go beyond its end.
	room = longestMatch + 16
	// trial is how many bytes a block must have before its table is packed.
	trial = 2 << 10
)

// decode writes what codes stand for, until out[:limit] is full or the block ends. Input may end too.
func (r *Reader) decode(limit int) error {
	if !r.tables.packed {
		early := min(limit, r.end+trial)
		if err := r.decodeUntil(early); err != nil || !r.inBlock || early == limit {
			return err
		}
		r.tables.pack()
	}
	return r.decodeUntil(limit)
}

func (r *Reader) decodeUntil(limit int) error {
	for r.end < limit && r.inBlock {
		if err := r.decodeFast(limit); err != nil {
			return err
		}
		// Near the end of a piece, or of the stream.
		if r.end < limit && r.inBlock {
			if err := r.decodeOne(); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeOne decodes an entry of the tables, whatever input is left.
func (r *Reader) decodeOne() error {
	r.refill()
	e := r.tables.lits[r.hold&(1<<litBits-1)]
	if e&(anyLiterals|kindMask) == kindLink {
		e = r.tables.lits[e.base()+int(r.hold>>litBits&(litLinked-1))]
	}
	if n := e.literals(); n > 0 {
		if e.used() > r.count {
			return errTruncated // of several literals some may be there, but then the end of the block is not
		}
		r.drop(e.used())
		for i := range n {
			r.out[r.end+i] = byte(e >> (8 + 8*i))
		}
		r.end += n
		return nil
	}
	if e.used() > r.count {
		return errTruncated
	}
	r.drop(e.used())
	switch e & kindMask {
	case kindEnd:
		r.inBlock = false
		return nil
	case kindNone:
		return errCode
	}
	more, err := r.take(e.extra())
	if err != nil {
		return err
	}
	length := e.base() + int(more)
	r.refill()
	e = r.tables.dists[r.hold&(1<<distBits-1)]
	if e&kindMask == kindLink {
		e = r.tables.dists[e.base()+int(r.hold>>distBits&(distLinked-1))]
	}
	if e.used() > r.count {
		return errTruncated
	}
	if e&kindMask != kindNumber {
		return errCode
	}
	r.drop(e.used())
	more, err = r.take(e.extra())
	if err != nil {
		return err
	}
	distance := e.base() + int(more)
	if distance > r.end {
		return errDistance
	}
	for i := range length {
		r.out[r.end+i] = r.out[r.end+i-distance]
	}
	r.end += length
	return nil
}

// decodeFast decodes as long as it may read 16 bytes of the piece ahead.
func (r *Reader) decodeFast(limit int) error {
	const (
		litMask  = 1<<litBits - 1
		distMask = 1<<distBits - 1
	)
	lits, dists := &r.tables.lits, &r.tables.dists
	in, at, hold, count := r.in, r.at, r.hold, r.count
	out, end := r.out, r.end
	var err error
	for at <= len(in)-16 && end < limit {
		// 56 bits or more; those of the last byte that are not counted stay, and are the same next time.
		hold |= binary.LittleEndian.Uint64(in[at:]) << (count & 63)
		at += int(63-count) >> 3
		count |= 56
		e := lits[hold&litMask]
		if e&anyLiterals != 0 {
			hold >>= e & 15
			count -= uint(e & 15)
			binary.LittleEndian.PutUint32(out[end:], uint32(e>>8))
			end += int(e >> 4 & 3)
			e = lits[hold&litMask]
			if e&anyLiterals != 0 {
				hold >>= e & 15
				count -= uint(e & 15)
				binary.LittleEndian.PutUint32(out[end:], uint32(e>>8))
				end += int(e >> 4 & 3)
				e = lits[hold&litMask]
				if e&anyLiterals != 0 {
					hold >>= e & 15
					count -= uint(e & 15)
					binary.LittleEndian.PutUint32(out[end:], uint32(e>>8))
					end += int(e >> 4 & 3)
					e = lits[hold&litMask]
					if e&anyLiterals != 0 {
						hold >>= e & 15
						count -= uint(e & 15)
						binary.LittleEndian.PutUint32(out[end:], uint32(e>>8))
						end += int(e >> 4 & 3)
						continue
					}
				}
			}
		}
		// At least 23 bits are left, and the longest code has 15.
		if e&kindMask != kindNumber {
			if e&kindMask == kindLink {
				e = lits[e.base()+int(hold>>litBits&(litLinked-1))]
			}
			if e&anyLiterals != 0 {
				hold >>= e & 15
				count -= uint(e & 15)
				out[end] = byte(e >> 8)
				end++
				continue
			}
			if e&kindMask == kindEnd {
				hold >>= e & 15
				count -= uint(e & 15)
				r.inBlock = false
				break
			}
			if e&kindMask == kindNone {
				err = errCode
				break
			}
		}
		hold >>= e & 15
		count -= uint(e & 15)
		hold |= binary.LittleEndian.Uint64(in[at:]) << (count & 63)
		at += int(63-count) >> 3
		count |= 56
		extra := e.extra()
		length := e.base() + int(hold&(1<<extra-1))
		hold >>= extra
		count -= extra

		e = dists[hold&distMask]
		if e&kindMask != kindNumber {
			if e&kindMask == kindLink {
				e = dists[e.base()+int(hold>>distBits&(distLinked-1))]
			}
			if e&kindMask != kindNumber {
				err = errCode
				break
			}
		}
		hold >>= e & 15
		extra = e.extra()
		distance := e.base() + int(hold&(1<<extra-1))
		hold >>= extra
		count -= uint(e&15) + extra
		if distance > end {
			err = errDistance
			break
		}
		repeat(out, end, distance, length)
		end += length
	}
	r.at, r.hold, r.count, r.end = at, hold, count, end
	return err
}

// repeat copies length bytes from distance before at to at, as if one by one. It may write up to 16 bytes behind them.
func repeat(out []byte, at, distance, length int) {
	if distance >= 8 {
		for i := 0; i < length; i += 8 {
			binary.LittleEndian.PutUint64(out[at+i:], binary.LittleEndian.Uint64(out[at+i-distance:]))
		}
		return
	}
	// The pattern repeats at any multiple of the distance.
	first := min(length, 16)
	for i := range first {
		out[at+i] = out[at+i-distance]
	}
	if length > first {
		far := distance * ((7 + distance) / distance)
		for i := first; i < length; i += 8 {
			binary.LittleEndian.PutUint64(out[at+i:], binary.LittleEndian.Uint64(out[at+i-far:]))
		}
	}
}
