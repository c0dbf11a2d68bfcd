package scaledjpeg

// block holds the coefficients of a block that its transform reads, at their places; nowhere takes the others.
type block [256]int16

// clear makes the coefficients 0 that the transform to points×points samples reads.
func (b *block) clear(points int) {
	switch points {
	case 8:
		*(*[64]int16)(b[:]) = [64]int16{}
	default:
		*(*[16]int16)(b[:]) = [16]int16{}
	}
}

// verdict is what reading a block found.
type verdict int

const (
	onlyDC verdict = iota // all other coefficients that were read are 0
	withAC
	badCode
	badSymbol
	badRun
	badRange
	pastEnd
)

func (v verdict) err() error {
	switch v {
	case badCode:
		return errCode
	case badSymbol:
		return errSymbol
	case badRun:
		return errRun
	case pastEnd:
		return errTruncated
	}
	return errRange
}
