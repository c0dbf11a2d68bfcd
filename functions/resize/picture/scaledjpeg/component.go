package scaledjpeg

// component is one component of the frame and what its scans need.
type component struct {
	id           byte
	quantization byte // its table
	Sampling
	points                 int // a block gives points×points samples
	blocksWide, blocksHigh int // that hold its samples; a scan of several components codes more
	plane                  Plane

	dc, ac  *table
	pairs   *[1 << pairBits]pair
	skips   *[1 << skipBits]skip
	weights [128]weight
	last    uint // index of the last coefficient that the transform reads

	prediction int32 // the DC coefficient of the block before (T.81 F.1.1.5.1)
	scanned    bool

	coarse []int16 // of a progressive picture: DC coefficients, row by row
	low    uint    // how many of their low bits are still to come
}

// weight is what a coefficient is multiplied with, and where it is put.
type weight struct {
	divisor int32
	at      uint8
}

// nowhere is the place in a block of coefficients that no transform reads.
const nowhere = 64

// zigzag maps a coefficient's index in its block to row*8 + column (T.81 figure A.6).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// weigh prepares the weights. The lowest points×points coefficients lie row by row; rows of 3 take the room of 4.
func (c *component) weigh(q *quantization) {
	apart := c.points
	if apart == 3 {
		apart = 4
	}
	for k := range c.weights {
		c.weights[k] = weight{at: nowhere}
	}
	for k, natural := range zigzag {
		row, column := int(natural>>3), int(natural&7)
		if row < c.points && column < c.points {
			c.weights[k] = weight{divisor: int32(q[k]), at: uint8(row*apart + column)}
			c.last = uint(k)
		}
	}
}
