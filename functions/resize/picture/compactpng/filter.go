package compactpng

// Filters (PNG, third edition, 9.2).
const (
	filterNone = iota
	filterSub
	filterUp
	filterAverage
	filterPaeth
	filters // how many there are
)

// margin is how many zeros lie before the first sample of a row: what is left of it.
const margin = 4

// filter makes a part of a line, from sample from on, of a row and the row above, which have their margins; n is the bytes of a pixel.
func filter(line, row, above []byte, from, which, n int) {
	left, leftAbove := row[margin+from-n:][:len(line)], above[margin+from-n:][:len(line)]
	row, above = row[margin+from:][:len(line)], above[margin+from:][:len(line)]
	switch which {
	case filterNone:
		copy(line, row)
	case filterSub:
		for i, x := range row {
			line[i] = x - left[i]
		}
	case filterUp:
		for i, x := range row {
			line[i] = x - above[i]
		}
	case filterAverage:
		for i, x := range row {
			line[i] = x - byte((uint(left[i])+uint(above[i]))/2)
		}
	case filterPaeth:
		for i, x := range row {
			line[i] = x - predict(left[i], above[i], leftAbove[i])
		}
	}
}

// predict is Paeth's predictor of a sample from the ones left, above, and left above. It asks on which side of both a threshold lies,
// without a branch.
func predict(left, above, leftAbove byte) byte {
	a, b, c := int(left), int(above), int(leftAbove)
	low, high := min(a, b), max(a, b)
	threshold := 3*c - a - b
	p := c
	if high <= threshold {
		p = low
	}
	if threshold <= low {
		p = high
	}
	return byte(p)
}
