package scaledjpeg

import "encoding/binary"

// bits reads a stream from the highest bit on. It is a value, so that it can live in registers.
type bits struct {
	window uint64 // the coming bits, from the top; those after count are right too, or 0
	count  uint   // of them that are taken from the stream
	next   int    // offset of the first byte not taken
}

// refill makes count at least 56. It reads 8 bytes from next on.
func (b bits) refill(data []byte) bits {
	b.window |= binary.BigEndian.Uint64(data[b.next:b.next+8]) >> (b.count & 63)
	b.next += int((63 - b.count) >> 3)
	b.count |= 56
	return b
}

// drop takes n bits away, at most count.
func (b bits) drop(n uint) bits {
	b.window <<= n & 63
	b.count -= n
	return b
}

// used returns how many bits of the stream were dropped.
func (b bits) used() int { return b.next<<3 - int(b.count) }

// magnitude returns the value that the first size bits stand for (T.81 F.2.2.1, EXTEND); size is at most 15.
func (b bits) magnitude(size uint) int32 {
	value := int32(b.window >> 1 >> ((63 - size) & 63))
	negative := int32(int64(b.window)>>63) + 1 // 1 if the first bit is 0
	return value - negative*(1<<(size&31)-1)
}
