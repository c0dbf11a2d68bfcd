package scaledjpeg

// decodeCoarse decodes a DC scan (T.81 G.1.2.1). The first gives the coefficients less their low bits; every other
// gives one bit more.
func (d *decoding) decodeCoarse(s *scan) error {
	for _, c := range s.members[:s.count] {
		if s.high == 0 {
			if c.dc == nil {
				return errNoTable
			}
			c.differences = c.dc.differences()
			c.limitDC(1 << s.low)
		}
	}
	read := d.readCoarse
	if s.high > 0 {
		read = d.refineCoarse
	}
	return d.eachStretch(s, func(b bits, t stretch) (bits, verdict) { return read(s, b, t) })
}

// readCoarse reads the first bits of DC coefficients.
func (d *decoding) readCoarse(s *scan, b bits, t stretch) (bits, verdict) {
	slots := d.slots[:d.placeCoarse(s, t)]
	for range t.count {
		for i := range slots {
			slot := &slots[i]
			var v verdict
			if b, v = slot.readDC(d.entropy.data, b); v != onlyDC {
				return b, v
			}
			slot.coefficients[slot.at] = int16(slot.prediction << s.low)
			slot.at += slot.step
		}
		if b.used() > t.end {
			return b, pastEnd
		}
	}
	return b, onlyDC
}

// refineCoarse reads the next bit of DC coefficients.
func (d *decoding) refineCoarse(s *scan, b bits, t stretch) (bits, verdict) {
	slots := d.slots[:d.placeCoarse(s, t)]
	for range t.count {
		b = b.refill(d.entropy.data) // one bit for each of mostBlocks at most
		for i := range slots {
			slot := &slots[i]
			slot.coefficients[slot.at] |= int16(b.window>>63) << s.low
			slot.at += slot.step
			b = b.drop(1)
		}
		if b.used() > t.end {
			return b, pastEnd
		}
	}
	return b, onlyDC
}

// placeCoarse lists the blocks of the first MCU in a stretch, at and step in coefficients, and returns how many there are.
func (d *decoding) placeCoarse(s *scan, t stretch) int {
	n := 0
	for _, c := range s.members[:s.count] {
		wide, high := s.blocks(c)
		apart := room(c.points)
		for y := range high {
			for x := range wide {
				at := ((t.row*high+y)*c.blockStride + t.column*wide + x) * apart
				d.slots[n] = slot{component: c, at: at, step: wide * apart}
				n++
			}
		}
	}
	return n
}
