package baselinejpeg

// mcusOfStrip is how many MCUs are transformed before they become tokens: few enough for the cache.
const mcusOfStrip = 16

// mostBlocks is how many blocks an MCU has at most, here: those of 4:2:0.
const mostBlocks = 6

// strip is the blocks of MCUs side by side, component by component, each row by row.
type strip struct {
	blocks [mcusOfStrip * mostBlocks]block
	masks  [mcusOfStrip * mostBlocks]uint64
	patch  [8 * 16]byte
}

// slot is a block's place in the MCUs of a strip.
type slot struct{ component, first, step int }

// slots are the blocks of an MCU in the order in which they are coded (T.81 A.2.3).
func (l *layout) slots(room *[mostBlocks]slot) []slot {
	all, first := room[:0], 0
	for i, c := range l.components {
		for range c.down {
			for h := range c.across {
				all = append(all, slot{i, first + h, c.across})
			}
			first += mcusOfStrip * c.across
		}
	}
	return all
}

// fill transforms count MCUs of row y, from number x on.
func (s *strip) fill(l *layout, x, y, count int) {
	first := 0
	for i := range l.components {
		c := &l.components[i]
		for v := range c.down {
			end := first + mcusOfStrip*c.across
			s.fillRow(first, c, x*c.across, y*c.down+v, count*c.across)
			first = end
		}
	}
}

// fillRow transforms count blocks of a component from block x, y on. Blocks beyond its last sample are made up.
func (s *strip) fillRow(first int, c *component, x, y, count int) {
	blocks, masks := s.blocks[first:], s.masks[first:]
	there := 0
	if 8*y < c.height {
		there = min(count, divideUp(c.width, 8)-x)
	}
	whole := 0
	if 8*y+8 <= c.height {
		whole = min(there, (c.width-8*x)/8) &^ 1
	}
	if whole > 0 {
		transform(blocks, masks[:whole], c.pix[8*y*c.stride+8*x:], c.stride, c.quantizer)
	}
	for i := whole; i < there; i += 2 {
		c.copyEdge(&s.patch, 8*(x+i), 8*y)
		transform(blocks[i:], masks[i:i+2], s.patch[:], 16, c.quantizer)
	}
	clear(masks[there:count])
}

// copyEdge copies 16×8 samples, repeating those at the end of the plane.
func (c *component) copyEdge(patch *[8 * 16]byte, x, y int) {
	for row := range 8 {
		from := c.pix[min(y+row, c.height-1)*c.stride:][x:c.width]
		to := patch[16*row:][:16]
		n := copy(to, from)
		for last := from[len(from)-1]; n < len(to); n++ {
			to[n] = last
		}
	}
}
