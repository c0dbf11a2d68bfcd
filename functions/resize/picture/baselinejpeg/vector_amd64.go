package baselinejpeg

import "golang.org/x/sys/cpu"

// transform makes as many blocks as there are masks, an even number, of samples side by side, a mask for each.
func transform(blocks []block, masks []uint64, pix []byte, stride int, q *quantizer) {
	if !cpu.X86.HasAVX2 {
		transformScalar(blocks, masks, pix, stride, q)
		return
	}
	pairs := len(masks) / 2
	if pairs == 0 {
		return
	}
	// What the kernel reads and writes.
	_ = blocks[2*pairs-1]
	_ = pix[7*stride+16*pairs-1]
	transformAVX2(&blocks[0], &masks[0], &pix[0], stride, pairs, q)
}

// transformAVX2 writes two blocks and two masks for each pair. It reads 8 rows of 16 samples for each.
//
//go:noescape
func transformAVX2(blocks *block, masks *uint64, pix *byte, stride, pairs int, q *quantizer)

// sums are the pass as linear sums: of a and b for results 2 and 6, then of d0 and d1, and of d2 and d3, for 1, 3, 5 and 7.
//
//lint:ignore U1000 read by the assembly
var sums = [10][16]int16(repeat([][2]int16{
	{cos2, cos6}, {cos6, -cos2},
	{cos1, cos3}, {cos5, cos7},
	{cos3, -cos7}, {-cos1, -cos5},
	{cos5, -cos1}, {cos7, cos3},
	{cos7, -cos5}, {cos3, -cos1},
}))

// rounds are what the passes add before they shift.
//
//lint:ignore U1000 read by the assembly
var rounds = [2][8]int32{
	{round1, round1, round1, round1, round1, round1, round1, round1},
	{round2, round2, round2, round2, round2, round2, round2, round2},
}

// levels are what the passes add to results 0: the level shift of 8 samples, then half a unit.
//
//lint:ignore U1000 read by the assembly
var levels = [2][16]int16(repeat([][2]int16{{-8 * 128, -8 * 128}, {1 << (between - 1), 1 << (between - 1)}}))

// gathers are shuffles of bytes: gathers[8*k+u] takes from column u what goes to the k-th eight coefficients in zigzag order, for
// two blocks.
//
//lint:ignore U1000 read by the assembly
var gathers = gatherColumns()

//lint:ignore U1000 makes what the assembly reads
func gatherColumns() (shuffles [64][32]byte) {
	const nothing = 0x80
	for i := range shuffles {
		for j := range shuffles[i] {
			shuffles[i][j] = nothing
		}
	}
	for i, at := range zigzag {
		u, v := at%8, at/8
		shuffle := &shuffles[i/8*8+int(u)]
		for _, lane := range []int{0, 16} {
			shuffle[lane+i%8*2], shuffle[lane+i%8*2+1] = 2*v, 2*v+1
		}
	}
	return shuffles
}

// repeat fills a vector of 8 pairs with each pair.
//
//lint:ignore U1000 makes what the assembly reads
func repeat(pairs [][2]int16) [][16]int16 {
	vectors := make([][16]int16, len(pairs))
	for i, pair := range pairs {
		for j := range vectors[i] {
			vectors[i][j] = pair[j&1]
		}
	}
	return vectors
}
