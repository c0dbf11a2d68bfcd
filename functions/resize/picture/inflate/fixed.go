package inflate

import "sync"

// fixed are the tables of blocks that bring none (RFC 1951, 3.2.6).
var fixed = sync.OnceValue(func() *tables {
	var lengths [litSymbols]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	var dists [distSymbols]uint8
	for i := range dists {
		dists[i] = 5
	}
	t := new(tables)
	_ = fill(t.lits[:], litBits, lengths[:], litMeanings[:]) // both sets are complete
	_ = fill(t.dists[:], distBits, dists[:], distMeanings[:])
	t.pack()
	return t
})
