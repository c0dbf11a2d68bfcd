package vp8

const haveVectors = true // NEON is part of every arm64

func (p *partition) readBlocks(table *odds, first int, factors *[2]int32, left, above []uint8, to []int16, side int, peak *int32) uint {
	return p.readBlocksScalar(table, first, factors, left, above, to, side, peak)
}

// blockTable is what subblocksVector takes as table.
func blockTable() *byte { return &recipes[0][0] }
