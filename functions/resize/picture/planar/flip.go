package planar

import (
	"encoding/binary"
	"math/bits"
)

// flip copies src to dst of its size, mirrored left to right, top to bottom, or both.
func flip(dst, src Plane, horizontal, vertical bool) {
	for y := range src.Height {
		to := y
		if vertical {
			to = src.Height - 1 - y
		}
		if horizontal {
			reverse(dst.Row(to), src.Row(y))
		} else {
			copy(dst.Row(to), src.Row(y))
		}
	}
}

// reverse copies from, the last sample first, to a row as long.
func reverse(to, from []byte) {
	for len(from) >= 8 && len(to) >= 8 {
		v := binary.LittleEndian.Uint64(from)
		binary.LittleEndian.PutUint64(to[len(to)-8:], bits.ReverseBytes64(v))
		from, to = from[8:], to[:len(to)-8]
	}
	for x, v := range from {
		to[len(to)-1-x] = v
	}
}
