package compactpng

// bigrams counts how many different pairs of neighbours a line has: the fewer, the better it compresses. For photographs that is as
// good a guide as the sum of absolute differences that image/png goes by, for drawings and text it saves up to 5 %.
type bigrams struct {
	seen  [1 << 16]uint8 // in which count a pair was seen last
	count uint8
}

// begin begins with a line, of which nothing is seen yet.
func (b *bigrams) begin() {
	b.count++
	if b.count == 0 {
		clear(b.seen[:])
		b.count = 1
	}
}

// add says how many pairs of a part of the line were not seen before.
func (b *bigrams) add(part []byte) (n int) {
	if len(part) == 0 {
		return 0
	}
	count := b.count
	pair := uint16(part[0])
	for _, v := range part[1:] {
		pair = pair<<8 | uint16(v)
		if b.seen[pair] != count {
			n++
		}
		b.seen[pair] = count
	}
	return n
}
