package scaledjpeg

// progress is what is known of a progressive component so far.
type progress struct {
	coefficients []int16   // of all blocks of all MCUs, row by row, room(points) for each; only those that are read
	nonzero      []uint64  // by block; bit k: coefficient k is not 0, be it read or not
	low          [64]uint8 // by index: how many of a coefficient's low bits are still to come; unseen: all
	peak         uint32    // of the magnitudes of AC coefficients; so many that all lower bits are 1
}

const (
	unseen = 255
	// mostLow is how many low bits a scan may leave out (T.81 table B.3).
	mostLow = 13
	// spare is what a block that is taken for one of 64 coefficients may reach beyond the last.
	spare = 64
)

// begin makes room for so many blocks, whose coefficients are 0 until a scan brings them.
func (c *component) begin(blocks int) {
	c.coefficients = resize(c.coefficients, blocks*room(c.points)+spare)
	if c.points > 1 {
		clear(c.coefficients)
		c.nonzero = resize(c.nonzero, blocks)
		clear(c.nonzero)
	}
	for k := range c.low {
		c.low[k] = unseen
	}
}

// progressBytes is how many bytes begin takes.
func progressBytes(blocks, points int) int {
	bytes := 2 * (blocks*room(points) + spare)
	if points > 1 {
		bytes += 8 * blocks
	}
	return bytes
}

// decodeProgressive decodes a scan of a progressive picture.
func (d *decoding) decodeProgressive(s *scan) error {
	for _, c := range s.members[:s.count] {
		c.prediction = 0
		if c.scanned {
			continue
		}
		c.scanned = true
		if err := d.quantize(c); err != nil {
			return err
		}
	}
	if s.first > 0 {
		return d.decodeBand(s)
	}
	return d.decodeCoarse(s)
}

// paintBlocks makes the plane of a component's coefficients.
func (d *decoding) paintBlocks(c *component) error {
	if c.points == 1 {
		return c.paintCoarse()
	}
	wild := int32(c.peak)*c.largest >= 1<<15
	for y := range c.blocksHigh {
		for x := 0; x < c.blocksWide; x += len(d.slots) {
			slots := d.slots[:min(len(d.slots), c.blocksWide-x)]
			if !c.gather(slots, x, y, wild) {
				return errRange
			}
			d.paint(slots)
		}
	}
	return nil
}

// gather lists the blocks from the one in that column and row on. It reports whether they are in range.
func (c *component) gather(slots []slot, column, row int, wild bool) bool {
	index := row*c.blockStride + column
	at := (row*c.plane.Stride + column) * c.points
	apart := room(c.points)
	_ = c.samples(at + (len(slots)-1)*c.points)
	for i := range slots {
		s := &slots[i]
		s.component, s.at, s.step, s.found = c, at, 0, onlyDC
		s.blk = c.coefficients[index*apart:][:apart]
		if !fits(s.blk[0], c.divisors[0]) {
			return false
		}
		if c.nonzero[index]&c.reads != 0 {
			s.found = withAC
			if wild && c.overflows(s.blk) {
				return false
			}
		}
		index++
		at += c.points
	}
	return true
}

// paintCoarse makes a plane of a sample for each block.
func (c *component) paintCoarse() error {
	divisor := c.divisors[0]
	for y := range c.blocksHigh {
		row := c.plane.Pix[y*c.plane.Stride:][:c.blocksWide]
		coefficients := c.coefficients[y*c.blockStride:][:len(row)]
		for x, coefficient := range coefficients {
			if !fits(coefficient, divisor) {
				return errRange
			}
			row[x] = sampleOfDC(int32(coefficient) * int32(divisor))
		}
	}
	return nil
}
