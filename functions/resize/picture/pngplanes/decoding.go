package pngplanes

import (
	"mapfleet/functions/resize/picture/inflate"
	"mapfleet/functions/resize/picture/planar"
)

// mostRatio is how many bytes a byte of deflated data can become, at most: 258 for two codes of one bit.
const mostRatio = 258 * 8 / 2

// decoding is one picture being decoded, and memory to decode others with.
type decoding struct {
	chunks
	header
	palette  palette
	keyed    bool
	key      [3]uint16 // the colour that is transparent, in samples of at least 8 bits
	weighted bool

	pixels  inflate.Reader
	rows    [2][]byte // unfiltered: the current one and that above
	samples []byte    // a row in samples of 8 bits
	memory  []byte    // of planes
	planes  [4]planar.Plane
	count   int  // of planes
	alpha   bool // the last plane is alpha
	opaque  bool // so far
	damage  error
	release func()
}

// reset forgets the last picture but keeps its memory.
func (d *decoding) reset(data []byte, weighted bool) {
	d.chunks = chunks{data: data}
	d.header, d.keyed, d.palette.clear = header{}, false, false
	d.weighted, d.opaque, d.damage = weighted, true, nil
}

// Stages of a file (PNG, third edition, 5.6). Chunks of other kinds than these may stand anywhere.
const (
	atStart = iota
	afterHeader
	afterPalette
	afterTransparency
	afterPixels
)

// decode reads chunks up to the end, as strictly as image/png does.
func (d *decoding) decode() error {
	if len(d.data) < len(signature) || string(d.data[:len(signature)]) != signature {
		return errSignature
	}
	d.at = len(signature)
	for stage := atStart; ; {
		if d.peek() == "IDAT" && stage < afterPixels {
			if stage == atStart || stage == afterHeader && d.colours == indexed {
				return errOrder
			}
			stage = afterPixels
			if err := d.decodePixels(); err != nil {
				return err
			}
			continue
		}
		c, err := d.next()
		if err != nil {
			return err
		}
		switch c.kind {
		case "IHDR":
			if stage != atStart {
				return errOrder
			}
			stage = afterHeader
			d.header, err = readHeader(c.payload)
		case "PLTE":
			if stage != afterHeader {
				return errOrder
			}
			stage = afterPalette
			err = d.readPalette(c.payload)
		case "tRNS":
			if !d.transparencyMayFollow(stage) {
				return errOrder
			}
			stage = afterTransparency
			err = d.readTransparency(c.payload)
		case "IEND":
			if stage != afterPixels {
				return errOrder
			}
			if len(c.payload) != 0 {
				return errEnd
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (d *decoding) transparencyMayFollow(stage int) bool {
	switch d.colours {
	case indexed:
		return stage == afterPalette
	case rgb, rgbAlpha:
		return stage == afterHeader || stage == afterPalette
	}
	return stage == afterHeader
}

// decodePixels reads all pixels, from the first IDAT chunk on.
func (d *decoding) decodePixels() error {
	line := 1 + d.rowBytes()
	if int64(line)*int64(d.height) > mostRatio*int64(len(d.data)) {
		return errTruncated // before memory is spent
	}
	d.layOut()
	d.pixels.Reset(d.nextPiece)
	above, row := d.rows[0], d.rows[1]
	clear(above)
	for y := range d.height {
		p, err := d.pixels.Next(line)
		if err != nil {
			return d.blame(err)
		}
		if !unfilter(row, p[1:], above, p[0], d.pixelBytes()) {
			return errFilter
		}
		d.place(y, row)
		above, row = row, above
	}
	ended, err := d.pixels.End()
	if err != nil {
		return d.blame(err)
	}
	if !ended {
		return errTooMuch
	}
	return nil
}

// nextPiece returns what the next chunk has of the pixels, nil if it has none.
func (d *decoding) nextPiece() []byte {
	if d.damage != nil || d.peek() != "IDAT" {
		return nil
	}
	c, err := d.next()
	if err != nil {
		d.damage = err
		return nil
	}
	return c.payload
}

// blame prefers the fault of a chunk to what it led to.
func (d *decoding) blame(err error) error {
	if d.damage != nil {
		return d.damage
	}
	return FormatError(err.Error())
}

// layOut makes planes and rows.
func (d *decoding) layOut() {
	switch d.colours {
	case gray, grayAlpha:
		d.count = 1
	default:
		d.count = 3
	}
	d.alpha = d.colours == grayAlpha || d.colours == rgbAlpha || d.keyed || d.colours == indexed && d.palette.clear
	if d.alpha {
		d.count++
	}
	size := d.width * d.height
	d.memory = grown(d.memory, size*d.count)
	for i := range d.count {
		d.planes[i] = planar.Plane{
			Pix: d.memory[i*size : (i+1)*size : (i+1)*size], Stride: d.width, Width: d.width, Height: d.height,
		}
	}
	for i := range d.rows {
		d.rows[i] = grown(d.rows[i], d.rowBytes())
	}
	d.samples = grown(d.samples, d.width*d.channels())
}

// grown returns n bytes, of p if it has as many.
func grown(p []byte, n int) []byte {
	if cap(p) < n {
		return make([]byte, n)
	}
	return p[:n]
}

func (d *decoding) image() Image {
	m := Image{Planes: d.planes[:d.count:d.count], Alpha: d.alpha, Weighted: d.alpha && d.weighted, release: d.release}
	if d.alpha && d.opaque {
		m.Planes, m.Alpha, m.Weighted = m.Planes[:d.count-1], false, false
	}
	return m
}
