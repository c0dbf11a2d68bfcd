package scaledjpeg

import "encoding/binary"

// frame gathers the segments that describe the picture: SOF, DRI, and the two that tell colours.
type frame struct {
	Header
	components [4]struct{ id, quantization byte }

	jfif, adobe bool
	transform   byte // of the Adobe segment
}

// read takes what concerns the frame from a segment and ignores the others.
func (f *frame) read(s segment) error {
	switch {
	case s.marker >= markerSOF0 && s.marker <= markerSOF15:
		if s.marker == markerDHT || s.marker == markerJPG || s.marker == markerDAC {
			return nil
		}
		return f.readFrame(s)
	case s.marker == markerDRI:
		if len(s.payload) < 2 {
			return errShort
		}
		f.RestartInterval = int(binary.BigEndian.Uint16(s.payload))
	case s.marker == markerAPP0:
		f.jfif = f.jfif || len(s.payload) >= 5 && string(s.payload[:5]) == "JFIF\x00"
	case s.marker == markerAPP14:
		if len(s.payload) >= 12 && string(s.payload[:5]) == "Adobe" {
			f.adobe, f.transform = true, s.payload[11]
		}
	}
	return nil
}

// readFrame reads a frame header (T.81 B.2.2).
func (f *frame) readFrame(s segment) error {
	p := s.payload
	if f.process != 0 {
		return FormatError("second frame")
	}
	if len(p) < 6 {
		return errShort
	}
	f.process = s.marker
	f.Progressive = s.marker == markerSOF2
	f.Precision = int(p[0])
	f.Height = int(binary.BigEndian.Uint16(p[1:]))
	f.Width = int(binary.BigEndian.Uint16(p[3:]))
	f.Components = int(p[5])
	if f.Width == 0 || f.Height == 0 {
		return FormatError("no width or height")
	}
	if f.Components < 1 || f.Components > len(f.components) {
		return FormatError("number of components not from 1 to 4")
	}
	if len(p) < 6+3*f.Components {
		return errShort
	}
	for i := range f.Components {
		if err := f.readComponent(i, p[6+3*i:]); err != nil {
			return err
		}
	}
	return nil
}

func (f *frame) readComponent(i int, p []byte) error {
	for _, other := range f.components[:i] {
		if other.id == p[0] {
			return FormatError("two components of one name")
		}
	}
	s := Sampling{Horizontal: int(p[1] >> 4), Vertical: int(p[1] & 15)}
	if s.Horizontal < 1 || s.Horizontal > 4 || s.Vertical < 1 || s.Vertical > 4 {
		return FormatError("sampling factor not from 1 to 4")
	}
	if p[2] > 3 {
		return FormatError("quantization table not from 0 to 3")
	}
	f.Sampling[i] = s
	f.components[i].id, f.components[i].quantization = p[0], p[2]
	return nil
}

func (f *frame) header() (Header, error) {
	if f.process == 0 {
		return Header{}, errNoFrame
	}
	h := f.Header
	h.Color = f.color()
	return h, nil
}

func (f *frame) color() Color {
	switch {
	case f.Components == 1:
		return Gray
	case f.Components == 4 && f.adobe && f.transform != 0:
		return YCCK
	case f.Components == 4:
		return CMYK
	case f.jfif:
		return YCbCr
	case f.adobe && f.transform == 0:
		return RGB
	case f.adobe:
		return YCbCr
	case f.components[0].id == 'R' && f.components[1].id == 'G' && f.components[2].id == 'B':
		return RGB
	}
	return YCbCr
}
