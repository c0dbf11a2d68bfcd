package scaledjpeg

import "encoding/binary"

// paintScalar makes the samples of blocks, and moves their places on.
func paintScalar(slots []slot) {
	for i := range slots {
		s := &slots[i]
		s.paint(s.samples(s.at), s.blk, s.found)
		s.at += s.step
	}
}

// paint makes the samples of a block, from the beginning of pix.
func (c *component) paint(pix []byte, blk []int16, found verdict) {
	stride := c.plane.Stride
	switch {
	case found == onlyDC:
		fill(pix, stride, c.points, sampleOfDC(int32(blk[0])*int32(c.divisors[0])))
	case c.points == 8:
		transform8(pix, stride, blk, &c.factors)
	case c.points == 4:
		transform4(pix, stride, blk, &c.factors)
	case c.points == 3:
		transform3(pix, stride, blk, &c.factors)
	case c.points == 2:
		transform2(pix, stride, blk, &c.factors)
	}
}

// sampleOfDC is what all samples of a block are that has no other coefficient.
func sampleOfDC(coefficient int32) byte { return clamp((coefficient+4)>>3 + 128) }

func fill(pix []byte, stride, points int, value byte) {
	switch points {
	case 1:
		pix[0] = value
	case 8:
		eight := uint64(value) * 0x0101010101010101
		for y := range 8 {
			binary.LittleEndian.PutUint64(pix[y*stride:], eight)
		}
	default:
		for y := range points {
			row := pix[y*stride:][:points]
			for x := range row {
				row[x] = value
			}
		}
	}
}

func clamp(v int32) byte {
	if uint32(v) <= 255 {
		return byte(v)
	}
	return byte(^v >> 31)
}
