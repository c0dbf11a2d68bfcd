package vp8

// partition is a piece of the frame with an arithmetic decoder of its own.
type partition struct {
	bits
	data []byte
}

func newPartition(data []byte) partition { return partition{bits: newBits(), data: data} }

// flag reads a bit of even odds, or of others.
func (p *partition) flag() bool { return p.chance(128) }

func (p *partition) chance(prob uint8) (one bool) {
	p.bits, one = p.refill(p.data).read(prob)
	return one
}

// number reads n bits, the highest first.
func (p *partition) number(n int) (v int) {
	for range n {
		v <<= 1
		if p.flag() {
			v |= 1
		}
	}
	return v
}

// delta reads n bits and a sign, or 0 if a flag says so.
func (p *partition) delta(n int) int {
	if !p.flag() {
		return 0
	}
	v := p.number(n)
	if p.flag() {
		return -v
	}
	return v
}

// check says whether all that has been looked at was there, and could have been written.
func (p *partition) check() error {
	switch {
	case p.next == 0:
		return nil // nothing was
	case len(p.data) > 0 && p.data[0] == 255:
		return errStartsBeyond
	case p.used()+8 > 8*len(p.data):
		return errTruncated
	}
	return nil
}
