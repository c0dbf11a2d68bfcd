package baselinejpeg

// Every arm64 machine has the vector instructions that are used here.

// transform makes as many blocks as there are masks, an even number, of samples side by side, a mask for each.
func transform(blocks []block, masks []uint64, pix []byte, stride int, q *quantizer) {
	count := len(masks)
	if count == 0 {
		return
	}
	// What the kernel reads and writes.
	_ = blocks[count-1]
	_ = pix[7*stride+8*count-1]
	transformNEON(&blocks[0], &masks[0], &pix[0], stride, count, q)
}

// transformNEON writes count blocks and masks. It reads 8 rows of 8 samples for each.
//
//go:noescape
func transformNEON(blocks *block, masks *uint64, pix *byte, stride, count int, q *quantizer)

// cosines are the lanes of V0.
var cosines = [8]int16{cos1, cos2, cos3, cos5, cos6, cos7}

// gathers are where the bytes of coefficients in zigzag order come from: of eight at a time, byte 16*u+2*v of column u, row v.
var gathers = gatherColumns()

func gatherColumns() (bytes [64][2]byte) {
	for k, at := range zigzag {
		from := 16*(at%8) + 2*(at/8)
		bytes[k] = [2]byte{from, from + 1}
	}
	return bytes
}
