package vp8

// Modes of prediction (RFC 6386, section 8.1). Whole macroblocks have the first four only.
const (
	byMean = iota
	byGradient
	byAbove
	byLeft
	rightDown
	rightSteep
	leftDown
	leftSteep
	rightFlat
	leftFlat
	modes
)

// macroblock is what the first partition says of one.
type macroblock struct {
	segment   uint8
	skip      bool // it has no tokens
	subblocks bool // each block of luma has a mode of its own
	luma      uint8
	chroma    uint8
	blocks    [16]uint8
}

// readModes reads those of a row of macroblocks (sections 10 and 11).
func (d *decoding) readModes() {
	p := &d.first
	b := p.bits
	var left [4]uint8
	for x := range d.row {
		m := &d.row[x]
		above := (*[4]uint8)(d.modesAbove[4*x:])
		var one bool
		b = b.refill(p.data)
		if d.segments.mapped {
			if b, one = b.read(d.segments.odds[0]); one {
				b, one = b.read(d.segments.odds[2])
				m.segment = 2
			} else {
				b, one = b.read(d.segments.odds[1])
				m.segment = 0
			}
			if one {
				m.segment++
			}
		}
		m.skip = false
		if d.skips {
			b, m.skip = b.read(d.skipOdds)
		}
		if b, one = b.read(145); one {
			m.subblocks = false
			b, m.luma = b.macroblockMode(156, 163, 128)
			*above = [4]uint8{m.luma, m.luma, m.luma, m.luma}
			left = *above
		} else {
			m.subblocks = true
			for y := range left {
				for x := range above {
					b = b.refill(p.data)
					b, left[y] = b.blockMode(p.data, &subblockOdds[above[x]][left[y]])
					above[x] = left[y]
					m.blocks[4*y+x] = left[y]
				}
			}
		}
		b = b.refill(p.data)
		b, m.chroma = b.chromaMode()
	}
	p.bits = b
}

func (b bits) macroblockMode(gradientOrLeft, above, gradient uint8) (bits, uint8) {
	b, one := b.read(gradientOrLeft)
	if one {
		if b, one = b.read(gradient); one {
			return b, byGradient
		}
		return b, byLeft
	}
	if b, one = b.read(above); one {
		return b, byAbove
	}
	return b, byMean
}

func (b bits) chromaMode() (bits, uint8) {
	b, one := b.read(142)
	if !one {
		return b, byMean
	}
	if b, one = b.read(114); !one {
		return b, byAbove
	}
	if b, one = b.read(183); !one {
		return b, byLeft
	}
	return b, byGradient
}

func (b bits) blockMode(data []byte, odds *[9]uint8) (bits, uint8) {
	b, one := b.read(odds[0])
	if !one {
		return b, byMean
	}
	if b, one = b.read(odds[1]); !one {
		return b, byGradient
	}
	if b, one = b.read(odds[2]); !one {
		return b, byAbove
	}
	if b, one = b.read(odds[3]); !one {
		if b, one = b.read(odds[4]); !one {
			return b, byLeft
		}
		if b, one = b.read(odds[5]); !one {
			return b, rightDown
		}
		return b, rightSteep
	}
	b = b.refill(data)
	if b, one = b.read(odds[6]); !one {
		return b, leftDown
	}
	if b, one = b.read(odds[7]); !one {
		return b, leftSteep
	}
	if b, one = b.read(odds[8]); !one {
		return b, rightFlat
	}
	return b, leftFlat
}
