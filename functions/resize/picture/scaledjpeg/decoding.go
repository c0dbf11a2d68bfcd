package scaledjpeg

// mostBlocks is how many blocks an MCU may have (T.81 B.2.3).
const mostBlocks = 10

// decoding is one picture being decoded, and memory to decode others with.
type decoding struct {
	frame
	scale       int
	sharpChroma bool
	vectors     bool // the processor has what the assembly needs
	tables      *tableCache

	quantizations [4]quantization
	dc, ac        [4]*table

	components         [4]component
	script             script
	mcusWide, mcusHigh int
	laidOut            bool

	entropy entropy
	slots   [mostBlocks]slot
	blocks  [mostBlocks][2]block // of an MCU and of the one before
	wild    bool                 // a component of the scan is
	release func()
}

// reset forgets the last picture but keeps its memory.
func (d *decoding) reset(by *Decoder, scale int) {
	d.frame = frame{}
	d.scale, d.sharpChroma, d.vectors, d.tables = scale, by.SharpChroma, hasVectors(), &by.tables
	d.quantizations = [4]quantization{}
	d.dc, d.ac = [4]*table{}, [4]*table{}
	d.laidOut = false
	if d.release == nil {
		d.release = func() { by.idle.Put(d) }
	}
}

// decode reads segments until all blocks are decoded.
func (d *decoding) decode(data []byte) error {
	if !hasStart(data) {
		return FormatError("no start of image")
	}
	for at := 2; ; {
		s, err := nextSegment(data, at)
		if err != nil {
			return err
		}
		at = s.end
		switch s.marker {
		case markerEOI:
			return d.end()
		case markerSOS:
			length, err := d.decodeScan(s.payload, data[at:])
			if err != nil {
				return err
			}
			at += length
			if d.complete() {
				return d.end()
			}
		default:
			if err := d.read(s); err != nil {
				return err
			}
		}
	}
}

// read takes in a segment that is not a scan.
func (d *decoding) read(s segment) error {
	switch s.marker {
	case markerDQT:
		return readQuantization(&d.quantizations, s.payload)
	case markerDHT:
		return d.readHuffman(s.payload)
	}
	return d.frame.read(s)
}

// readHuffman reads the tables of a DHT segment (T.81 B.2.4.2).
func (d *decoding) readHuffman(p []byte) error {
	for len(p) > 0 {
		class, id := p[0]>>4, p[0]&15
		if class > 1 || id > 3 {
			return FormatError("huffman table not from 0 to 3")
		}
		t, length, err := d.tables.read(p[1:])
		if err != nil {
			return err
		}
		if class == 0 {
			d.dc[id] = t
		} else {
			d.ac[id] = t
		}
		p = p[1+length:]
	}
	return nil
}

// complete reports whether nothing that is needed can still come.
func (d *decoding) complete() bool {
	if d.Progressive {
		return d.script.done()
	}
	for i := range d.Components {
		if !d.components[i].scanned {
			return false
		}
	}
	return true
}

// end finishes the picture, after its last scan.
func (d *decoding) end() error {
	if !d.laidOut {
		return errNoFrame
	}
	for i := range d.Components {
		c := &d.components[i]
		if !c.scanned {
			return errIncomplete
		}
		if !d.Progressive {
			continue
		}
		if err := d.paintBlocks(c); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoding) image() Image {
	m := Image{
		Components: d.Components,
		Width:      divideUp(d.Width*d.scale, 8),
		Height:     divideUp(d.Height*d.scale, 8),
		release:    d.release,
	}
	for i := range d.Components {
		m.Planes[i] = d.components[i].plane
	}
	return m
}
