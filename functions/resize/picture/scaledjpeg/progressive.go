package scaledjpeg

// decodeCoarse decodes a DC scan of a progressive picture (T.81 G.1.2.1). The first gives the coefficients less
// their low bits; every other gives one bit more.
func (d *decoding) decodeCoarse(s *scan) error {
	for _, c := range s.members[:s.count] {
		if err := d.prepareCoarse(c, s); err != nil {
			return err
		}
	}
	return d.eachMCU(s, func(b bits, row, column int) (bits, verdict) { return d.readCoarseMCU(s, b, row, column) })
}

func (d *decoding) readCoarseMCU(s *scan, b bits, row, column int) (bits, verdict) {
	for _, c := range s.members[:s.count] {
		wide, high := s.blocks(c)
		stride := d.mcusWide * c.Horizontal
		for y := range high {
			at := (row*high+y)*stride + column*wide
			for x := range wide {
				var v verdict
				if b, v = c.readCoarse(d.entropy.data, b, &c.coarse[at+x], s); v != onlyDC {
					return b, v
				}
			}
		}
	}
	return b, onlyDC
}

func (c *component) readCoarse(data []byte, b bits, coefficient *int16, s *scan) (bits, verdict) {
	if s.high > 0 {
		b = b.refill(data)
		*coefficient |= int16(b.window>>63) << s.low
		return b.drop(1), onlyDC
	}
	b, v := c.readDC(data, b)
	value := c.prediction << s.low
	if uint32(value+1<<15) >= 1<<16 {
		return b, badRange
	}
	*coefficient = int16(value)
	return b, v
}

// prepareCoarse makes ready for a DC scan, which must continue the one before.
func (d *decoding) prepareCoarse(c *component, s *scan) error {
	switch {
	case s.high == 0 && c.scanned, s.high > 0 && (!c.scanned || s.high != c.low || s.low != s.high-1):
		return FormatError("dc scan out of order")
	case s.low > 13:
		return FormatError("dc scan of less than a bit")
	case s.high == 0 && c.dc == nil:
		return FormatError("scan without a huffman table")
	}
	c.low, c.prediction = s.low, 0
	if c.scanned {
		return nil
	}
	c.scanned = true
	q := &d.quantizations[c.quantization]
	if !q.defined() {
		return FormatError("scan without a quantization table")
	}
	c.weigh(q)
	return nil
}

// paintCoarse makes the plane of the DC coefficients, which lie in rows of that many blocks.
func (c *component) paintCoarse(stride int) {
	divisor := c.weights[0].divisor
	for y := range c.plane.Height {
		row := c.plane.Pix[y*c.plane.Stride:][:c.plane.Width]
		coarse := c.coarse[y*stride:][:len(row)]
		for x, coefficient := range coarse {
			row[x] = sampleOfDC(int32(coefficient) * divisor)
		}
	}
}
