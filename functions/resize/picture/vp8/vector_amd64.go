package vp8

import "golang.org/x/sys/cpu"

var haveVectors = cpu.X86.HasAVX2

// haveBits stands for LZCNT too, which came with BMI1.
var haveBits = cpu.X86.HasBMI1 && cpu.X86.HasBMI2

func (p *partition) readBlocks(table *odds, first int, factors *[2]int32, left, above []uint8, to []int16, side int, peak *int32) uint {
	if !haveBits {
		return p.readBlocksScalar(table, first, factors, left, above, to, side, peak)
	}
	_, _ = left[side-1], above[side-1]
	_ = to[(side-1)*bandCoefficients+4*(side-1)+51]
	found, most := readBlocksBMI2(p, table, factors, &left[0], &above[0], &to[0], first, side, side)
	*peak |= most
	return found
}

//go:noescape
func readBlocksBMI2(p *partition, table *odds, factors *[2]int32, left, above *uint8, to *int16, first, columns, rows int) (found uint, peak int32)

// blockTable is what subblocksVector takes as table.
func blockTable() *byte { return &shuffles[0][0][0] }

// shuffles are recipes as two shuffles, of means of three samples and of two; 128 is neither.
var shuffles = makeShuffles()

func makeShuffles() (table [modes][2][16]byte) {
	for mode, recipe := range recipes {
		for i, from := range recipe {
			table[mode][0][i], table[mode][1][i] = 128, 128
			table[mode][from/16][i] = from % 16
		}
	}
	return table
}
