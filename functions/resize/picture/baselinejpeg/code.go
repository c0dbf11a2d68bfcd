package baselinejpeg

// code is how a token of one class and symbol is written: in its lowest 5 bits how many bits that takes, those of the token
// with them; above, the Huffman code, shifted to make room for the bits of the token.
type code = uint32

const (
	codeBits = 5
	codeMask = 1<<codeBits - 1
)

// mostBitsOfToken: the longest code and the largest category.
const mostBitsOfToken = longestCode + mostCategory

// codes has one for each class and symbol.
type codes = [classes * symbols]code

// set fills in the codes of a class (T.81 C.2).
func (h *huffman) set(table *codes, class token) {
	next, at := code(0), 0
	for length, count := range h.lengths {
		next <<= 1
		for range count {
			symbol := token(h.symbols[at])
			category := symbol & categoryMask
			table[class|symbol] = next<<category<<codeBits | (code(length) + category)
			next++
			at++
		}
	}
}

// bitsOf is how many bits the counted tokens take.
func bitsOf(table *codes, counts *histogram) (sum int) {
	for i, count := range counts {
		sum += int(count) * int(table[i]&codeMask)
	}
	return sum
}
