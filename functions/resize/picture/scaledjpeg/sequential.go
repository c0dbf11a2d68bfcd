package scaledjpeg

// slot is a block of the MCU: whose it is, and where its samples go.
type slot struct {
	*component
	at, step int // offset in the plane; from MCU to MCU of a row
}

// decodeBlocks decodes a scan of a sequential picture.
func (d *decoding) decodeBlocks(s *scan) error {
	for _, c := range s.members[:s.count] {
		if err := d.prepare(c); err != nil {
			return err
		}
	}
	var slots []slot
	return d.eachMCU(s, func(b bits, row, column int) (bits, verdict) {
		if column == 0 {
			slots = d.slots[:s.place(&d.slots, row)]
		}
		return d.readMCU(slots, b)
	})
}

// readMCU decodes an MCU. It reads all blocks before it transforms them.
func (d *decoding) readMCU(slots []slot, b bits) (bits, verdict) {
	data := d.entropy.data
	var found [mostBlocks]verdict
	for i := range slots {
		var v verdict
		if b, v = slots[i].readBlock(data, b, &d.blocks[i]); v > withAC {
			return b, v
		}
		found[i] = v
	}
	for i := range slots {
		slot := &slots[i]
		slot.paint(slot.plane.Pix[slot.at:], &d.blocks[i], found[i])
		slot.at += slot.step
	}
	return b, onlyDC
}

func (c *component) readBlock(data []byte, b bits, blk *block) (bits, verdict) {
	b, v := c.readDC(data, b)
	if v != onlyDC {
		return b, v
	}
	value := c.prediction * c.weights[0].divisor
	if uint32(value+1<<15) >= 1<<16 {
		return b, badRange
	}
	if c.points == 1 {
		blk[0] = int16(value)
		return c.skipAC(data, b, 1)
	}
	blk.clear(c.points)
	blk[0] = int16(value)
	return c.readAC(data, b, blk)
}

// prepare makes ready for a component's only scan.
func (d *decoding) prepare(c *component) error {
	if c.scanned {
		return FormatError("second scan of a component")
	}
	c.scanned = true
	if c.dc == nil || c.ac == nil {
		return FormatError("scan without a huffman table")
	}
	q := &d.quantizations[c.quantization]
	if !q.defined() {
		return FormatError("scan without a quantization table")
	}
	c.weigh(q)
	c.prediction = 0
	if c.points > 1 {
		c.pairs = c.ac.pairs()
	}
	if c.last < 63 {
		c.skips = c.ac.skips()
	}
	return nil
}

// place lists the blocks of the first MCU in a row and returns how many there are.
func (s *scan) place(slots *[mostBlocks]slot, row int) int {
	n := 0
	for _, c := range s.members[:s.count] {
		wide, high := s.blocks(c)
		for y := range high {
			for x := range wide {
				at := ((row*high+y)*c.plane.Stride + x) * c.points
				slots[n] = slot{component: c, at: at, step: wide * c.points}
				n++
			}
		}
	}
	return n
}
