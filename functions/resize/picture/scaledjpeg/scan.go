package scaledjpeg

import "slices"

// scan is the header of a scan (T.81 B.2.3) and the size of what it codes.
type scan struct {
	members    [3]*component
	count      int // of members
	first      int // index of the first coefficient
	high, low  uint
	wide, rows int // in MCUs
}

// decodeScan decodes the scan whose header is p, or passes over it; data begins with its entropy-coded data.
// It returns the length of that.
func (d *decoding) decodeScan(p, data []byte) (int, error) {
	if err := d.start(len(data)); err != nil {
		return 0, err
	}
	s, err := d.readScan(p)
	if err != nil {
		return 0, err
	}
	if d.Progressive && s.first > 0 {
		return skipEntropy(data), nil
	}
	length, err := d.entropy.load(data)
	if err != nil {
		return 0, err
	}
	if d.RestartInterval == 0 && len(d.entropy.ends) > 1 {
		return 0, FormatError("restart marker without an interval")
	}
	if d.Progressive {
		return length, d.decodeCoarse(&s)
	}
	return length, d.decodeBlocks(&s)
}

// start lays the picture out when its first scan comes.
func (d *decoding) start(encoded int) error {
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
	return d.layOut(encoded)
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
		c.dc, c.ac = d.dc[tables>>4], d.ac[tables&15]
		s.members[i] = c
		blocks += c.Horizontal * c.Vertical
	}
	s.wide, s.rows = d.mcusWide, d.mcusHigh
	if s.count == 1 {
		s.wide, s.rows = s.members[0].blocksWide, s.members[0].blocksHigh
	} else if blocks > mostBlocks {
		return s, FormatError("more than 10 blocks in an MCU")
	}
	rest := p[1+2*s.count:]
	s.first, s.high, s.low = int(rest[0]), uint(rest[2]>>4), uint(rest[2]&15)
	return s, nil
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
