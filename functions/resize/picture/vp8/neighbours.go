package vp8

// neighbours are the samples across an edge: four before it, the last next to it, and four behind.
type neighbours struct {
	p3, p2, p1, p0, q0, q1, q2, q3 int
}

// neighboursAt reads the four that are nearest; at is the first behind, and they are step apart.
func neighboursAt(pix []byte, at, step int) neighbours {
	return neighbours{p1: int(pix[at-2*step]), p0: int(pix[at-step]), q0: int(pix[at]), q1: int(pix[at+step])}
}

// readAll reads the others.
func (n *neighbours) readAll(pix []byte, at, step int) {
	n.p3, n.p2 = int(pix[at-4*step]), int(pix[at-3*step])
	n.q2, n.q3 = int(pix[at+2*step]), int(pix[at+3*step])
}

// steep says whether the step across the edge is too large to be an artefact.
func (n *neighbours) steep(edge int) bool {
	return 2*distance(n.p0, n.q0)+distance(n.p1, n.q1)/2 > edge
}

// rough says whether a step beside the edge is.
func (n *neighbours) rough(interior int) bool {
	return distance(n.p3, n.p2) > interior || distance(n.p2, n.p1) > interior || distance(n.p1, n.p0) > interior ||
		distance(n.q0, n.q1) > interior || distance(n.q1, n.q2) > interior || distance(n.q2, n.q3) > interior
}

// sharp says whether there is a step beside the edge that is to stay.
func (n *neighbours) sharp(high int) bool {
	return distance(n.p1, n.p0) > high || distance(n.q1, n.q0) > high
}

// smooth2 changes the two samples at the edge.
func (n *neighbours) smooth2(pix []byte, at, step int) {
	a := 3*(n.q0-n.p0) + signed(n.p1-n.q1)
	pix[at-step] = clamp(n.p0 + signed(a+3)>>3)
	pix[at] = clamp(n.q0 - signed(a+4)>>3)
}

// smooth4 changes four.
func (n *neighbours) smooth4(pix []byte, at, step int) {
	a := 3 * (n.q0 - n.p0)
	b := signed(a+4) >> 3
	c := (b + 1) >> 1
	pix[at-2*step] = clamp(n.p1 + c)
	pix[at-step] = clamp(n.p0 + signed(a+3)>>3)
	pix[at] = clamp(n.q0 - b)
	pix[at+step] = clamp(n.q1 - c)
}

// smooth6 changes six.
func (n *neighbours) smooth6(pix []byte, at, step int) {
	a := signed(3*(n.q0-n.p0) + signed(n.p1-n.q1))
	b, c, d := (27*a+63)>>7, (18*a+63)>>7, (9*a+63)>>7
	pix[at-3*step] = clamp(n.p2 + d)
	pix[at-2*step] = clamp(n.p1 + c)
	pix[at-step] = clamp(n.p0 + b)
	pix[at] = clamp(n.q0 - b)
	pix[at+step] = clamp(n.q1 - c)
	pix[at+2*step] = clamp(n.q2 - d)
}

func distance(a, b int) int { return max(a-b, b-a) }

// signed lets v be a byte with a sign.
func signed(v int) int { return min(max(v, -128), 127) }
