package inflate

// bitReader takes bits off the pieces, lowest first. hold has at least count bits; what is above them is zero or the bits to come.
type bitReader struct {
	next  func() []byte // the next piece, nil if there is none
	in    []byte        // the current piece
	at    int           // how much of in has been counted into hold
	hold  uint64
	count uint
}

// refill brings count to at least 57, as long as there is input.
func (b *bitReader) refill() {
	for b.count <= 56 {
		for b.at == len(b.in) {
			piece := b.next()
			if piece == nil {
				return
			}
			b.in, b.at = piece, 0
		}
		b.hold |= uint64(b.in[b.at]) << b.count
		b.at++
		b.count += 8
	}
}

// take returns n ≤ 32 bits.
func (b *bitReader) take(n uint) (uint32, error) {
	if b.count < n {
		b.refill()
	}
	if b.count < n {
		return 0, errTruncated
	}
	v := uint32(b.hold & (1<<n - 1))
	b.drop(n)
	return v, nil
}

func (b *bitReader) drop(n uint) {
	b.hold >>= n
	b.count -= n
}

// align drops the bits up to the next whole byte.
func (b *bitReader) align() { b.drop(b.count & 7) }

// copy moves whole bytes to dst and says how many there were. The reader must be aligned.
func (b *bitReader) copy(dst []byte) int {
	n := 0
	for ; n < len(dst) && b.count > 0; n++ {
		dst[n] = byte(b.hold)
		b.drop(8)
	}
	if b.count == 0 {
		b.hold = 0
	}
	for n < len(dst) {
		if b.at == len(b.in) {
			piece := b.next()
			if piece == nil {
				return n
			}
			b.in, b.at = piece, 0
		}
		m := copy(dst[n:], b.in[b.at:])
		b.at += m
		n += m
	}
	return n
}
