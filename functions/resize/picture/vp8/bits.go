package vp8

import "encoding/binary"

// bits is an arithmetic decoder (RFC 6386, section 7). It is a value, so that it can live in registers.
//
// What a decision makes the range too small by, the next one shifts out: so used says which bits have been looked at.
type bits struct {
	window uint64 // the coming bits, from the top; those after count are right too, or 0
	count  int    // of them that are taken from the data
	next   int    // offset of the first byte not taken; beyond the end, zeros are
	span   uint32 // the range less 1, up to 254
}

func newBits() bits { return bits{span: 254} }

// refill makes count at least 56. That is enough for six decisions, each of which shifts up to 7 bits and looks at 8, and for one more
// if one of them was of even odds, which makes the range smaller by a bit only.
func (b bits) refill(data []byte) bits {
	if b.next+8 <= len(data) {
		b.window |= binary.BigEndian.Uint64(data[b.next:]) >> (b.count & 63)
		b.next += (63 - b.count) >> 3
		b.count |= 56
		return b
	}
	return b.refillSlowly(data)
}

func (b bits) refillSlowly(data []byte) bits {
	for b.count < 56 {
		if b.next < len(data) {
			b.window |= uint64(data[b.next]) << (56 - b.count)
		}
		b.next++
		b.count += 8
	}
	return b
}

// read decides a bit that is 0 with the odds of prob/256.
func (b bits) read(prob uint8) (bits, bool) {
	shift := shifts[uint8(b.span)]
	b.window <<= shift & 63
	b.count -= int(shift)
	b.span = (b.span+1)<<(shift&31) - 1
	split := b.span * uint32(prob) >> 8
	if low := uint64(split+1) << 56; b.window >= low {
		b.window -= low
		b.span -= split + 1
		return b, true
	}
	b.span = split
	return b, false
}

// negated decides, with even odds, whether v is negative, and does not branch.
func (b bits) negated(v int32) (bits, int32) {
	shift := shifts[uint8(b.span)]
	b.window <<= shift & 63
	b.count -= int(shift)
	b.span = (b.span+1)<<(shift&31) - 1
	split := b.span >> 1
	sign := (int64(split) - int64(b.window>>56)) >> 63 // 0 or -1
	b.window -= uint64(split+1) << 56 & uint64(sign)
	b.span = split + (b.span-2*split-1)&uint32(sign)
	return b, (v ^ int32(sign)) - int32(sign)
}

// used is how many bits have been shifted out before the last decision.
func (b bits) used() int { return 8*b.next - b.count }

// shifts is by how much a range less 1 must be shifted to be 127 or more.
var shifts = makeShifts()

func makeShifts() (table [256]uint8) {
	for i := range 127 {
		for (i+1)<<table[i] < 128 {
			table[i]++
		}
	}
	return table
}
