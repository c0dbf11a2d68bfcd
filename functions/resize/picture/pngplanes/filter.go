package pngplanes

// Filters (PNG, third edition, 9.2).
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
)

// unfilter makes row of a line and the row above; n is the bytes of a pixel. It says whether there is such a filter. All three have
// one length.
func unfilter(row, line, above []byte, filter byte, n int) bool {
	switch filter {
	case filterNone:
		copy(row, line)
	case filterSub:
		sub(row, line, n)
	case filterUp:
		up(row, line, above)
	case filterAverage:
		average(row, line, above, n)
	case filterPaeth:
		paeth(row, line, above, n)
	default:
		return false
	}
	return true
}

// The functions below begin at byte from, which is where a pixel begins. Those with Scalar in their name are what the vector ones
// do, byte for byte.

func subScalar(row, line []byte, from, n int) {
	line = line[:len(row)]
	if from == 0 {
		from = min(n, len(row))
		copy(row[:from], line)
	}
	for i := from; i < len(row); i++ {
		row[i] = line[i] + row[i-n]
	}
}

func upScalar(row, line, above []byte) {
	line, above = line[:len(row)], above[:len(row)]
	for i := range row {
		row[i] = line[i] + above[i]
	}
}

func averageScalar(row, line, above []byte, from, n int) {
	line, above = line[:len(row)], above[:len(row)]
	if from == 0 {
		from = min(n, len(row))
		for i := range from {
			row[i] = line[i] + above[i]/2
		}
	}
	for i := from; i < len(row); i++ {
		row[i] = line[i] + byte((int(row[i-n])+int(above[i]))/2)
	}
}

func paethScalar(row, line, above []byte, from, n int) {
	line, above = line[:len(row)], above[:len(row)]
	if from == 0 {
		from = min(n, len(row))
		for i := range from {
			row[i] = line[i] + above[i]
		}
	}
	switch n {
	case 3:
		paeth3(row, line, above, from)
	case 4:
		paeth4(row, line, above, from)
	default:
		for i := from; i < len(row); i++ {
			row[i] = line[i] + predict(row[i-n], above[i], above[i-n])
		}
	}
}

func paeth3(row, line, above []byte, from int) {
	if from >= len(row) {
		return
	}
	a0, a1, a2 := row[from-3], row[from-2], row[from-1]
	c0, c1, c2 := above[from-3], above[from-2], above[from-1]
	for i := from; i+3 <= len(row); i += 3 {
		l, b, r := line[i:i+3:i+3], above[i:i+3:i+3], row[i:i+3:i+3]
		a0 = l[0] + predict(a0, b[0], c0)
		a1 = l[1] + predict(a1, b[1], c1)
		a2 = l[2] + predict(a2, b[2], c2)
		c0, c1, c2 = b[0], b[1], b[2]
		r[0], r[1], r[2] = a0, a1, a2
	}
}

func paeth4(row, line, above []byte, from int) {
	if from >= len(row) {
		return
	}
	a0, a1, a2, a3 := row[from-4], row[from-3], row[from-2], row[from-1]
	c0, c1, c2, c3 := above[from-4], above[from-3], above[from-2], above[from-1]
	for i := from; i+4 <= len(row); i += 4 {
		l, b, r := line[i:i+4:i+4], above[i:i+4:i+4], row[i:i+4:i+4]
		a0 = l[0] + predict(a0, b[0], c0)
		a1 = l[1] + predict(a1, b[1], c1)
		a2 = l[2] + predict(a2, b[2], c2)
		a3 = l[3] + predict(a3, b[3], c3)
		c0, c1, c2, c3 = b[0], b[1], b[2], b[3]
		r[0], r[1], r[2], r[3] = a0, a1, a2, a3
	}
}

// predict is Paeth's predictor of a sample from the ones left, above, and left above.
func predict(a, b, c byte) byte {
	pa, pb := int(b)-int(c), int(a)-int(c)
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	if pa <= pb && pa <= pc {
		return a
	}
	if pb <= pc {
		return b
	}
	return c
}
