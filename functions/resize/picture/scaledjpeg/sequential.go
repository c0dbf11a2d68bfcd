package scaledjpeg

// slot is a block: whose it is, where its samples go, and what reading it found.
type slot struct {
	*component
	blk      []int16 // its coefficients; where blocks are read, room for two
	at, step int     // offset in the plane; to the one of the next MCU in the row
	found    verdict

	differences *[1 << differenceBits]difference // the component's; here they are at hand
	pairs       *pairTable
	skips       *[1 << skipBits]skip
}

// decodeBlocks decodes a scan of a sequential picture.
func (d *decoding) decodeBlocks(s *scan) error {
	d.wild = false
	for _, c := range s.members[:s.count] {
		if err := d.prepare(c); err != nil {
			return err
		}
		d.wild = d.wild || c.wild
	}
	return d.eachStretch(s, func(b bits, t stretch) (bits, verdict) { return d.readMCUs(s, b, t) })
}

// readMCUsScalar decodes MCUs. It reads all blocks of one before it transforms them.
func (d *decoding) readMCUsScalar(s *scan, b bits, t stretch) (bits, verdict) {
	slots := d.slots[:d.place(s, t)]
	for range t.count {
		for i := range slots {
			var v verdict
			if b, v = slots[i].readBlock(d.entropy.data, b, &d.blocks[i][0]); v > withAC {
				return b, v
			}
			slots[i].found = v
		}
		if b.used() > t.end {
			return b, pastEnd
		}
		paintScalar(slots)
	}
	return b, onlyDC
}

// prepare makes ready for a component's only scan.
func (d *decoding) prepare(c *component) error {
	if c.scanned {
		return FormatError("second scan of a component")
	}
	c.scanned = true
	if c.dc == nil || c.ac == nil {
		return errNoTable
	}
	if err := d.quantize(c); err != nil {
		return err
	}
	c.prediction = 0
	c.differences = c.dc.differences()
	c.limitDC(int32(c.divisors[0]))
	c.wild = false
	if c.points > 1 {
		c.pairs = c.ac.pairs()
		c.wild = c.pairs.peak*c.largest >= 1<<15
	}
	if c.last < 63 {
		c.skips = c.ac.skips()
	}
	return nil
}

// quantize takes over the quantization table that is defined when a component's first scan begins.
func (d *decoding) quantize(c *component) error {
	q := &d.quantizations[c.quantization]
	if !q.defined() {
		return FormatError("scan without a quantization table")
	}
	c.weigh(q)
	return nil
}

// place lists the blocks of the first MCU in a stretch and returns how many there are.
func (d *decoding) place(s *scan, t stretch) int {
	n := 0
	for _, c := range s.members[:s.count] {
		wide, high := s.blocks(c)
		for y := range high {
			for x := range wide {
				at := ((t.row*high+y)*c.plane.Stride + t.column*wide + x) * c.points
				d.slots[n] = slot{
					component: c, blk: d.blocks[n][0][:], at: at, step: wide * c.points,
					differences: c.differences, pairs: c.pairs, skips: c.skips,
				}
				_ = c.samples(at + (t.count-1)*wide*c.points)
				n++
			}
		}
	}
	return n
}

// samples returns those of the plane from the first to the last of a block.
func (c *component) samples(at int) []byte {
	return c.plane.Pix[at:][:(c.points-1)*c.plane.Stride+c.points]
}
