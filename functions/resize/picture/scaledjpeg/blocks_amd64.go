package scaledjpeg

// readBlocks reads the blocks of an MCU.
func (d *decoding) readBlocks(slots []slot, b bits) (bits, verdict) {
	if d.wild || !d.vectors {
		return d.readBlocksScalar(slots, b)
	}
	for i := 0; i < len(slots); i++ {
		left := readBlocksBMI2(&b, &d.entropy.data[0], &slots[i], len(slots)-i)
		if left == 0 {
			break
		}
		i = len(slots) - left // a block with something rare, or a fault
		var v verdict
		if b, v = slots[i].readBlock(d.entropy.data, b, &d.blocks[i]); v > withAC {
			return b, v
		}
		slots[i].found = v
	}
	return b, onlyDC
}

// readBlocksBMI2 reads so many blocks, or fewer, and returns how many are left: the next has a code of more than 11
// bits, or an error.
//
//go:noescape
func readBlocksBMI2(b *bits, data *byte, slots *slot, count int) int
