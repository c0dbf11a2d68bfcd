package scaledjpeg

// blockBytes is the size of a block.
//
//lint:ignore U1000 read by the assembly
const blockBytes = 512

// readMCUs decodes MCUs. The blocks of one are transformed while those of the next are read: reading waits for its own
// last bits most of the time, and transforming waits for nothing.
func (d *decoding) readMCUs(s *scan, b bits, t stretch) (bits, verdict) {
	if d.wild || !d.vectors {
		return d.readMCUsScalar(s, b, t)
	}
	slots := d.slots[:d.place(s, t)]
	for phase := range t.count {
		for i := 0; i < len(slots); i++ {
			left := readBlocksBMI2(&b, &d.entropy.data[0], &slots[i], len(slots)-i, phase)
			if left == 0 {
				break
			}
			i = len(slots) - left // a block with something rare, or a fault
			var v verdict
			if b, v = slots[i].readBlock(d.entropy.data, b, &d.blocks[i][phase&1]); v > withAC {
				return b, v
			}
			slots[i].found = v
		}
		if b.used() > t.end {
			return b, pastEnd
		}
	}
	paintAVX2(&slots[0], len(slots), t.count-1)
	return b, onlyDC
}

// readBlocksBMI2 reads the blocks of the MCU that comes in its stretch after phase others, each into one of the two that
// its slot has in turn, and paints those of the one before. It returns how many are left, 0 if all goes well: the next
// block, whose slot has been painted, has a fault or something rare.
//
//go:noescape
func readBlocksBMI2(b *bits, data *byte, slots *slot, count, phase int) int
