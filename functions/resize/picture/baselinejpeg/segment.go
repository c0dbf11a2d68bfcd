package baselinejpeg

import "encoding/binary"

// Markers (T.81 table B.1).
const (
	markerSOF0 = 0xc0
	markerDHT  = 0xc4
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerAPP0 = 0xe0
)

// appendSegment adds a segment whose payload appendPayload adds.
func appendSegment(to []byte, marker byte, appendPayload func([]byte) []byte) []byte {
	to = append(to, 0xff, marker, 0, 0)
	start := len(to)
	to = appendPayload(to)
	binary.BigEndian.PutUint16(to[start-2:], uint16(2+len(to)-start))
	return to
}

// appendHeader adds what stands before the entropy-coded segment.
func (e *encoding) appendHeader(to []byte) []byte {
	to = append(to, 0xff, markerSOI)
	to = appendSegment(to, markerAPP0, func(to []byte) []byte {
		return append(to, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"...) // 1.1, square pixels, no thumbnail
	})
	tables := min(2, len(e.components))
	to = appendSegment(to, markerDQT, func(to []byte) []byte {
		for i := range tables {
			to = append(to, byte(i))
			for _, at := range zigzag {
				to = append(to, e.steps[i][at])
			}
		}
		return to
	})
	to = appendSegment(to, markerSOF0, func(to []byte) []byte {
		to = append(to, 8)
		to = binary.BigEndian.AppendUint16(to, uint16(e.height))
		to = binary.BigEndian.AppendUint16(to, uint16(e.width))
		to = append(to, byte(len(e.components)))
		for i, c := range e.components {
			to = append(to, byte(i+1), byte(c.across<<4|c.down), byte(min(i, 1)))
		}
		return to
	})
	to = appendSegment(to, markerDHT, func(to []byte) []byte {
		for i := range 2 * tables {
			h := &e.huffman[i]
			to = append(to, byte(i&1<<4|i>>1))
			to = append(to, h.lengths[1:]...)
			to = append(to, h.symbols...)
		}
		return to
	})
	return appendSegment(to, markerSOS, func(to []byte) []byte {
		to = append(to, byte(len(e.components)))
		for i := range e.components {
			to = append(to, byte(i+1), byte(min(i, 1)*0x11))
		}
		return append(to, 0, 63, 0)
	})
}
