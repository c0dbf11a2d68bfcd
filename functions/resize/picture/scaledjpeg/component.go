package scaledjpeg

// component is one component of the frame and what its scans need.
type component struct {
	id           byte
	quantization byte // its table
	Sampling
	points                 int // a block gives points×points samples
	blocksWide, blocksHigh int // that hold its samples; a scan of several components codes more
	blockStride            int // from a row of coded blocks to the next
	plane                  Plane

	dc, ac      *table
	differences *[1 << differenceBits]difference
	pairs       *pairTable
	skips       *[1 << skipBits]skip
	refinements *[1 << refinementBits]refinement

	places   [128]uint8 // of coefficients by their index; nowhere for those that the transform does not read
	reads    uint64     // bit k: it reads coefficient k
	last     uint       // index of the last that it reads
	divisors [64]uint16 // by index; 0 for those that it does not read
	factors  factors    // the same by place
	largest  int32      // of the divisors
	wild     bool       // a pair may hold what its divisor makes too large for 16 bits

	prediction int32 // the DC coefficient of the block before (T.81 F.1.1.5.1)
	leastDC    int32 // the range of DC coefficients
	spanDC     uint32
	scanned    bool

	progress
}

// choosePlaces tells which coefficients the transform reads, and where.
func (c *component) choosePlaces() {
	c.reads = 0
	for k := range c.places {
		c.places[k] = nowhere
	}
	for k := range 64 {
		if at := place(k, c.points); at != nowhere {
			c.places[k] = uint8(at)
			c.reads |= 1 << k
			c.last = uint(k)
		}
	}
}

// weigh takes over divisors.
func (c *component) weigh(q *quantization) {
	c.divisors, c.factors, c.largest = [64]uint16{}, factors{}, 0
	for k, divisor := range q {
		if at := c.places[k]; at != nowhere {
			c.divisors[k], c.factors[at] = divisor, divisor
			c.largest = max(c.largest, int32(divisor))
		}
	}
}

// limitDC sets the range of DC coefficients: 11 bits and a sign (T.81 F.1.2.1), and 16 bits when multiplied with divisor.
func (c *component) limitDC(divisor int32) {
	c.leastDC = max(-1<<largestDC, -1<<15/divisor)
	c.spanDC = uint32(min(1<<largestDC-1, (1<<15-1)/divisor) - c.leastDC)
}

// overflows says whether a coefficient of a block does not fit.
func (c *component) overflows(blk []int16) bool {
	for k := range c.last + 1 {
		if at := c.places[k]; at != nowhere && !fits(blk[at], c.divisors[k]) {
			return true
		}
	}
	return false
}

// fits says whether a coefficient fits 16 bits when multiplied with its divisor.
func fits(coefficient int16, divisor uint16) bool {
	return uint32(int32(coefficient)*int32(divisor)+1<<15) < 1<<16
}
