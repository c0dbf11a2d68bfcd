package scaledjpeg

import "slices"

// scan is the header of a scan (T.81 B.2.3) and the size of what it codes.
type scan struct {
	members     [4]*component
	tables      [4]byte // numbers of their Huffman tables: DC in the upper half, AC in the lower
	count       int     // of members
	first, last int     // coefficients
	high, low   uint
	wide, rows  int // in MCUs

	run int // how many blocks to come have nothing more in the scan (T.81 G.1.2.2)
}

// decodeScan decodes the scan whose header is p, or passes over it; data begins with its entropy-coded data.
// It returns the length of that.
func (d *decoding) decodeScan(p, data []byte) (int, error) {
	if err := d.start(p, data); err != nil {
		return 0, err
	}
	if d.Progressive && !d.script.take() {
		return skipEntropy(data), nil
	}
	s, err := d.readScan(p)
	if err != nil {
		return 0, err
	}
	for i, c := range s.members[:s.count] {
		c.dc, c.ac = d.dc[s.tables[i]>>4], d.ac[s.tables[i]&15]
	}
	length, err := d.entropy.load(data)
	if err != nil {
		return 0, err
	}
	if d.RestartInterval == 0 && len(d.entropy.ends) > 1 {
		return 0, FormatError("restart marker without an interval")
	}
	if d.Progressive {
		return length, d.decodeProgressive(&s)
	}
	return length, d.decodeBlocks(&s)
}

// start lays the picture out when its first scan comes.
func (d *decoding) start(p, data []byte) error {
	if d.laidOut {
		return nil
	}
	h, err := d.header()
	if err != nil {
		return err
	}
	if err := Supported(h, d.scale); err != nil {
		return err
	}
	d.laidOut = true
	d.entropy.reserve(len(data))
	if err := d.layOut(len(data)); err != nil || !d.Progressive {
		return err
	}
	return d.survey(p, data)
}

func (d *decoding) readScan(p []byte) (scan, error) {
	var s scan
	if len(p) < 1 {
		return s, errShort
	}
	s.count = int(p[0])
	if s.count < 1 || s.count > d.Components {
		return s, FormatError("number of components in a scan")
	}
	if len(p) < 4+2*s.count {
		return s, errShort
	}
	blocks := 0
	for i := range s.count {
		c, err := d.member(p[1+2*i], s.members[:i])
		if err != nil {
			return s, err
		}
		tables := p[2+2*i]
		if tables>>4 > 3 || tables&15 > 3 {
			return s, FormatError("huffman table not from 0 to 3")
		}
		s.members[i], s.tables[i] = c, tables
		blocks += c.Horizontal * c.Vertical
	}
	s.wide, s.rows = d.mcusWide, d.mcusHigh
	if s.count == 1 {
		s.wide, s.rows = s.members[0].blocksWide, s.members[0].blocksHigh
	} else if blocks > mostBlocks {
		return s, FormatError("more than 10 blocks in an MCU")
	}
	rest := p[1+2*s.count:]
	s.first, s.last, s.high, s.low = int(rest[0]), int(rest[1]), uint(rest[2]>>4), uint(rest[2]&15)
	if d.Progressive {
		return s, s.checkProgression()
	}
	return s, nil
}

// checkProgression holds what a scan of a progressive picture brings to T.81 G.1.1.1.
func (s *scan) checkProgression() error {
	switch {
	case s.first > s.last || s.last > 63 || s.first == 0 && s.last > 0:
		return FormatError("bad spectral selection")
	case s.first > 0 && s.count > 1:
		return FormatError("ac coefficients of several components in a scan")
	case s.low > mostLow || s.high > 0 && s.low != s.high-1:
		return FormatError("bad successive approximation")
	}
	return nil
}

// member returns the component of that name, if it is none of the others.
func (d *decoding) member(id byte, others []*component) (*component, error) {
	for i := range d.Components {
		c := &d.components[i]
		if c.id != id {
			continue
		}
		if slices.Contains(others, c) {
			return nil, FormatError("component twice in a scan")
		}
		return c, nil
	}
	return nil, FormatError("scan of an unknown component")
}
