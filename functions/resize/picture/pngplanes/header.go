package pngplanes

import (
	"encoding/binary"

	"mapfleet/functions/resize/picture/planar"
)

// Colour types (PNG, third edition, 11.2.1).
const (
	gray      = 0
	rgb       = 2
	indexed   = 3
	grayAlpha = 4
	rgbAlpha  = 6
)

type header struct {
	width, height int
	depth         int // bits of a sample
	colours       byte
}

func readHeader(p []byte) (header, error) {
	if len(p) != 13 {
		return header{}, errHeader
	}
	width, height := binary.BigEndian.Uint32(p), binary.BigEndian.Uint32(p[4:])
	h := header{depth: int(p[8]), colours: p[9]}
	if width == 0 || height == 0 || width > 1<<31-1 || height > 1<<31-1 || !h.possible() || p[12] > 1 {
		return header{}, errHeader
	}
	if p[10] != 0 || p[11] != 0 {
		return header{}, UnsupportedError("compression or filter method")
	}
	if p[12] == 1 {
		return header{}, UnsupportedError("interlaced")
	}
	if width > planar.MaxSide || height > planar.MaxSide {
		return header{}, UnsupportedError("side")
	}
	h.width, h.height = int(width), int(height)
	return h, nil
}

// possible says whether the colour type may have that depth.
func (h header) possible() bool {
	switch h.depth {
	case 1, 2, 4:
		return h.colours == gray || h.colours == indexed
	case 8:
		return h.colours == gray || h.colours == rgb || h.colours == indexed || h.colours == grayAlpha || h.colours == rgbAlpha
	case 16:
		return h.colours == gray || h.colours == rgb || h.colours == grayAlpha || h.colours == rgbAlpha
	}
	return false
}

// channels is how many samples a pixel has in the file.
func (h header) channels() int {
	switch h.colours {
	case grayAlpha:
		return 2
	case rgb:
		return 3
	case rgbAlpha:
		return 4
	}
	return 1
}

// pixelBytes is how far apart, in bytes, the neighbours are that filters look at: at least 1.
func (h header) pixelBytes() int { return max(1, h.channels()*h.depth/8) }

func (h header) rowBytes() int { return (h.width*h.channels()*h.depth + 7) / 8 }
