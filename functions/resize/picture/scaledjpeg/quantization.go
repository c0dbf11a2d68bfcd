package scaledjpeg

import "encoding/binary"

// quantization is a table of divisors in zigzag order; all zero if none was defined.
type quantization [64]uint16

// readQuantization reads the tables of a DQT segment (T.81 B.2.4.1).
func readQuantization(tables *[4]quantization, p []byte) error {
	for len(p) > 0 {
		wide, id := p[0]>>4, p[0]&15
		if wide > 1 || id > 3 {
			return FormatError("quantization table not from 0 to 3")
		}
		size := 64 << wide
		if len(p) < 1+size {
			return errShort
		}
		for k := range 64 {
			divisor := uint16(p[1+k<<wide])
			if wide == 1 {
				divisor = binary.BigEndian.Uint16(p[1+2*k:])
			}
			if divisor == 0 {
				return FormatError("quantization by 0")
			}
			tables[id][k] = divisor
		}
		p = p[1+size:]
	}
	return nil
}

func (q *quantization) defined() bool { return q[0] != 0 }
