package pngplanes

import "encoding/binary"

// palette has an entry for each index that there may be: those that a file leaves out are black, as in image/png and libpng.
type palette struct {
	red, green, blue, alpha [256]byte
	size                    int
	clear                   bool // an entry is not opaque
}

func (d *decoding) readPalette(p []byte) error {
	n := len(p) / 3
	if len(p)%3 != 0 || n == 0 || n > 256 || n > 1<<d.depth || d.colours == gray || d.colours == grayAlpha {
		return errPalette
	}
	if d.colours != indexed {
		return nil // a suggestion
	}
	d.palette = palette{size: n}
	for i := range d.palette.alpha {
		d.palette.alpha[i] = 255
	}
	for i := range n {
		d.palette.red[i], d.palette.green[i], d.palette.blue[i] = p[3*i], p[3*i+1], p[3*i+2]
	}
	return nil
}

// readTransparency reads the alpha of a palette, or the one colour that is transparent.
func (d *decoding) readTransparency(p []byte) error {
	switch {
	case d.colours == indexed && len(p) <= 256:
		for i, a := range p {
			d.palette.alpha[i] = a
			d.palette.clear = d.palette.clear || a != 255
		}
		return nil
	case d.colours == gray && len(p) == 2, d.colours == rgb && len(p) == 6:
		d.keyed = true
		for i := range len(p) / 2 {
			d.key[i] = binary.BigEndian.Uint16(p[2*i:])
			if d.depth < 16 {
				d.key[i] = uint16(byte(d.key[i]) * stretch[d.depth])
			}
		}
		return nil
	}
	return errKey
}

// stretch makes samples of some depth 8-bit ones.
var stretch = [9]byte{1: 0xff, 2: 0x55, 4: 0x11, 8: 1}
