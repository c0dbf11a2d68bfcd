package inflate

import "math/bits"

// A first table is indexed by as many bits as it has in its name; longer codes go on in second tables, of which there cannot be more
// than half as many as symbols.
const (
	litBits  = 11
	distBits = 9
	lenBits  = 7

	litLinked  = 1 << (longestCode - litBits)
	distLinked = 1 << (longestCode - distBits)

	litSize  = 1<<litBits + litSymbols/2*litLinked
	distSize = 1<<distBits + distSymbols/2*distLinked
	lenSize  = 1 << lenBits
)

// tables are of one block.
type tables struct {
	lits   [litSize]entry
	dists  [distSize]entry
	packed bool // entries of lits hold as many literals as fit
}

// fill makes a table with a first one of 1<<root entries from the lengths of the symbols' codes, in bits (RFC 1951, 3.2.2).
//
// As in zlib all bits must be codes, unless there is one code only, which then has one bit, or none at all.
func fill(table []entry, root uint, lengths []uint8, meanings []entry) error {
	var counts [longestCode + 1]int
	for _, n := range lengths {
		counts[n]++
	}
	space := 0
	for n := 1; n <= longestCode; n++ {
		space += counts[n] << (longestCode - n)
	}
	switch {
	case space == 1<<longestCode:
	case space == 0, space == 1<<(longestCode-1) && counts[1] == 1:
		for i := range table[:1<<root] {
			table[i] = kindNone
		}
		for symbol, n := range lengths {
			if n == 1 {
				for i := 0; i < 1<<root; i += 2 {
					table[i] = meanings[symbol] | 1
				}
			}
		}
		return nil
	default:
		return errLengths
	}
	var symbols [litSymbols]uint16
	sortByLength(symbols[:], lengths, &counts)
	fillComplete(table, root, symbols[counts[0]:len(lengths)], lengths, meanings)
	return nil
}

// sortByLength lists symbols by code length, those of one length in order.
func sortByLength(symbols []uint16, lengths []uint8, counts *[longestCode + 1]int) {
	var places [longestCode + 1]int
	for n := 1; n <= longestCode; n++ {
		places[n] = places[n-1] + counts[n-1]
	}
	for symbol, n := range lengths {
		symbols[places[n]] = uint16(symbol)
		places[n]++
	}
}

// fillComplete goes through the codes in order. Bits come lowest first, so a code is counted from its high end backwards, and a table
// for n+1 bits begins as that for n bits written twice.
func fillComplete(table []entry, root uint, symbols []uint16, lengths []uint8, meanings []entry) {
	code, width := 0, uint(1)
	table[0] = kindNone
	size := uint(0) // bits that table covers so far
	linked := 1 << root
	link := -1 // the first bits of the codes in the current second table
	for _, symbol := range symbols {
		width = uint(lengths[symbol])
		for size < min(width, root) {
			copy(table[1<<size:1<<(size+1)], table[:1<<size])
			size++
		}
		e := meanings[symbol] | entry(width)
		if width <= root {
			table[code] = e
		} else {
			first := code & (1<<root - 1)
			if first != link {
				if link >= 0 {
					linked += 1 << (longestCode - root)
				}
				link = first
				table[first] = entry(linked<<16) | entry(longestCode-root)<<8 | kindLink | entry(root)
			}
			for i := code >> root; i < 1<<(longestCode-root); i += 1 << (width - root) {
				table[linked+i] = e
			}
		}
		if code == 1<<width-1 {
			break // the last one
		}
		bit := 1 << (bits.Len(uint(code^(1<<width-1))) - 1)
		code = code&(bit-1) | bit
	}
	for ; size < root; size++ {
		copy(table[1<<size:1<<(size+1)], table[:1<<size])
	}
}

// pack lets entries of the first table hold up to three literals.
func (t *tables) pack() {
	lits := t.lits[:1<<litBits]
	for i := len(lits) - 1; i >= 0; i-- { // what is looked up lies below, not packed yet
		e := lits[i]
		if e&anyLiterals == 0 {
			continue
		}
		second := lits[i>>e.used()]
		if second&anyLiterals == 0 || e.used()+second.used() > litBits {
			continue
		}
		used := e.used() + second.used()
		e = e&^0x3f | 2*oneLiteral | second>>8<<16 | entry(used)
		third := lits[i>>used]
		if third&anyLiterals != 0 && used+third.used() <= litBits {
			e = e&^0x3f | 3*oneLiteral | third>>8<<24 | entry(used+third.used())
		}
		lits[i] = e
	}
	t.packed = true
}
