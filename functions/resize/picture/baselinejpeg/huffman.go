package baselinejpeg

import "slices"

// longestCode is the most bits that a code may have.
const longestCode = 16

// mostSymbols is how many symbols a table may have, and one that is reserved.
const mostSymbols = symbols + 1

// huffman is a table as a DHT segment has it (T.81 B.2.4.2): how many codes there are of each length, and the symbols by code.
type huffman struct {
	lengths [longestCode + 1]uint8
	symbols []uint8
	room    [symbols]uint8
}

// fit makes the table with which symbols of these counts take the fewest bits.
func (h *huffman) fit(counts []uint64) {
	// A leaf is a count and, below it, a symbol. The reserved one, whose code is all ones, counts less than any.
	var room [mostSymbols]uint64
	leaves := append(room[:0], symbols)
	for symbol, count := range counts {
		if count > 0 {
			leaves = append(leaves, count<<symbolBits|uint64(symbols-1-symbol))
		}
	}
	slices.Sort(leaves[1:])
	h.count(leaves)
	h.symbols = h.room[:0]
	for _, leaf := range slices.Backward(leaves[1:]) { // the most frequent first
		h.symbols = append(h.symbols, uint8(symbols-1-leaf%(1<<symbolBits)))
	}
}

// count finds the lengths of the codes of leaves, from the least frequent to the most frequent, by the method of two queues: what
// is joined is never less than what was joined before, so that both leaves and joints are in order.
func (h *huffman) count(leaves []uint64) {
	var weights [mostSymbols]uint64
	var parents [2 * mostSymbols]int16 // of leaves, then of joints
	n := len(leaves)
	leaf, joint := 0, 0
	take := func(parent int) uint64 {
		if leaf < n && (joint == parent || leaves[leaf]>>symbolBits <= weights[joint]) {
			parents[leaf] = int16(n + parent)
			leaf++
			return leaves[leaf-1] >> symbolBits
		}
		parents[n+joint] = int16(n + parent)
		joint++
		return weights[joint-1]
	}
	for parent := range n - 1 {
		weights[parent] = take(parent) + take(parent)
	}
	// From the root down: a node is one deeper than its parent.
	var depths [2 * mostSymbols]int16
	var lengths [mostSymbols]int
	for i := 2*n - 3; i >= 0; i-- {
		depths[i] = depths[parents[i]] + 1
		if i < n {
			lengths[depths[i]]++
		}
	}
	limit(&lengths, longestCode)
	for i := longestCode; ; i-- {
		if lengths[i] > 0 {
			lengths[i]-- // the reserved one
			break
		}
	}
	for i := range h.lengths {
		h.lengths[i] = uint8(lengths[i])
	}
}

// limit makes codes no longer than longest: of two that are, one takes the place of their joint, and the other makes two of a shorter
// one (T.81 figure K.3).
func limit(lengths *[mostSymbols]int, longest int) {
	for i := len(lengths) - 1; i > longest; i-- {
		for lengths[i] > 0 {
			j := i - 2
			for lengths[j] == 0 {
				j--
			}
			lengths[i] -= 2
			lengths[i-1]++
			lengths[j+1] += 2
			lengths[j]--
		}
	}
}
