package scaledjpeg

import "encoding/binary"

// paint transforms a block to the samples at the beginning of pix.
func (c *component) paint(pix []byte, blk *block, found verdict) {
	stride := c.plane.Stride
	if found == onlyDC {
		fill(pix, stride, c.points, sampleOfDC(int32(blk[0])))
		return
	}
	switch c.points {
	case 8:
		transform8(pix[:7*stride+8], stride, blk)
	case 4:
		transform4(pix[:3*stride+4], stride, blk)
	case 3:
		transform3(pix[:2*stride+3], stride, blk)
	case 2:
		transform2(pix[:stride+2], stride, blk)
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

// clear makes the coefficients 0 that the transform to points×points samples reads.
func (b *block) clear(points int) {
	switch points {
	case 8:
		*(*[64]int16)(b[:]) = [64]int16{}
	default:
		*(*[16]int16)(b[:]) = [16]int16{}
	}
}
