package inflate

// An entry of a table says what the bits that are its index stand for.
//
//	bits 0-3    how many of the bits are used up; for a link, how many the first table sees
//	bits 4-5    how many literals, 0 to 3
//	bits 8-31   the literals, first one lowest
//
// and without literals
//
//	bits 6-7    kind
//	bits 8-12   how many further bits are to be added to the base
//	bits 16-31  base of a length or distance; of a link, where its second table begins
type entry uint32

const (
	oneLiteral  entry = 1 << 4
	anyLiterals entry = 3 << 4

	kindMask   entry = 3 << 6
	kindNumber entry = 0 << 6 // a length or distance
	kindEnd    entry = 1 << 6 // of a block
	kindLink   entry = 2 << 6 // to a second table, by the bits after those of the first
	kindNone   entry = 3 << 6 // no code at all
)

func (e entry) used() uint    { return uint(e & 15) }
func (e entry) literals() int { return int(e >> 4 & 3) }
func (e entry) extra() uint   { return uint(e >> 8 & 31) }
func (e entry) base() int     { return int(e >> 16) }

// number is a length or distance from base on, by so many extra bits.
func number(base, extra int) entry { return entry(base<<16|extra<<8) | kindNumber }

// Symbols of RFC 1951, 3.2.5.
const (
	endOfBlock   = 256
	litSymbols   = 288
	distSymbols  = 32
	mostLits     = 286 // 286 and 287 have codes in fixed blocks only, and mean nothing there
	mostDists    = 30
	longestCode  = 15
	longestMatch = 258
)

var (
	litMeanings  = meaningsOfLits()
	distMeanings = meaningsOfDists()
)

func meaningsOfLits() (m [litSymbols]entry) {
	for i := range endOfBlock {
		m[i] = oneLiteral | entry(i<<8)
	}
	m[endOfBlock] = kindEnd
	base := 3
	for i := 257; i < 285; i++ {
		extra := max(0, (i-261)/4)
		m[i] = number(base, extra)
		base += 1 << extra
	}
	m[285] = number(longestMatch, 0)
	m[286], m[287] = kindNone, kindNone
	return m
}

func meaningsOfDists() (m [distSymbols]entry) {
	base := 1
	for i := range mostDists {
		extra := max(0, i/2-1)
		m[i] = number(base, extra)
		base += 1 << extra
	}
	m[30], m[31] = kindNone, kindNone
	return m
}
