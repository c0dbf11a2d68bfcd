package baselinejpeg

import (
	"bytes"
	"encoding/binary"
)

// tokensOfBatch is how many tokens are written between the two steps of writing: their bits, then zeros behind each 0xff.
const tokensOfBatch = 4096

// writer puts the bits of tokens one behind the other.
type writer struct {
	codes   codes
	pending uint64 // bits that make no byte yet, from the top
	used    uint   // how many: less than 8
	raw     [tokensOfBatch*mostBitsOfToken/8 + 16]byte
}

// write adds tokens to the entropy-coded segment that to ends with.
func (w *writer) write(to []byte, tokens []token) []byte {
	for len(tokens) > 0 {
		n := min(len(tokens), tokensOfBatch)
		to = appendStuffed(to, w.raw[:w.pack(tokens[:n])])
		tokens = tokens[n:]
	}
	return to
}

// pack writes the bits of tokens and returns how many bytes are whole.
func (w *writer) pack(tokens []token) int {
	pending, used, at := w.pending, w.used, 0
	for i := 0; i < len(tokens); i += 2 {
		t, u := tokens[i], token(0)
		a, b := w.codes[t&symbolMask], code(0) // of no bits, behind the last of an odd number
		if i+1 < len(tokens) {
			u = tokens[i+1]
			b = w.codes[u&symbolMask]
		}
		n := uint(b & codeMask)
		two := uint64(a>>codeBits|t>>symbolBits)<<n | uint64(b>>codeBits|u>>symbolBits)
		used += n + uint(a&codeMask) // at most 7 and twice 27
		pending |= two << ((64 - used) & 63)
		binary.BigEndian.PutUint64(w.raw[at:], pending)
		at += int(used >> 3)
		pending <<= used & 56
		used &= 7
	}
	w.pending, w.used = pending, used
	return at
}

// end fills up the last byte with ones (T.81 F.1.2.3).
func (w *writer) end(to []byte) []byte {
	if w.used == 0 {
		return to
	}
	last := [1]byte{byte(w.pending>>56) | 0xff>>w.used}
	return appendStuffed(to, last[:])
}

// appendStuffed puts a zero behind each 0xff, which would begin a marker (T.81 B.1.1.5).
func appendStuffed(to, raw []byte) []byte {
	for {
		i := bytes.IndexByte(raw, 0xff)
		if i < 0 {
			return append(to, raw...)
		}
		to = append(append(to, raw[:i+1]...), 0)
		raw = raw[i+1:]
	}
}
