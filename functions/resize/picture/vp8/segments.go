package vp8

// segments are up to four kinds of macroblocks with quantizers and filters of their own (RFC 6386, section 9.3).
type segments struct {
	used     bool
	mapped   bool // each macroblock says which it is of
	relative bool // quantizer and strength are differences
	odds     [3]uint8
	// As the frame has them, until readFactors and thresholds.
	quantizer [4]int
	strength  [4]int
	factors   [4]factors
}

// factors are what coefficients are multiplied by: first that of the block's mean, then of all others.
type factors struct {
	luma   [2]int32
	means  [2]int32 // for the block of luma's means
	chroma [2]int32
}

func (s *segments) read(p *partition) {
	s.odds = [3]uint8{255, 255, 255}
	if s.used = p.flag(); !s.used {
		return
	}
	s.mapped = p.flag()
	if p.flag() {
		s.relative = !p.flag()
		for i := range s.quantizer {
			s.quantizer[i] = p.delta(7)
		}
		for i := range s.strength {
			s.strength[i] = p.delta(6)
		}
	}
	if !s.mapped {
		return
	}
	for i := range s.odds {
		if p.flag() {
			s.odds[i] = uint8(p.number(8))
		}
	}
}

// readFactors reads the quantizers (section 9.6) and looks up what they stand for (section 14.1).
func (s *segments) readFactors(p *partition) {
	base := p.number(7)
	var deltas [5]int
	for i := range deltas {
		deltas[i] = p.delta(4)
	}
	for i := range s.factors {
		q := base
		switch {
		case s.used && s.relative:
			q += s.quantizer[i]
		case s.used:
			q = s.quantizer[i]
		}
		at := func(delta, most int) int { return min(max(q+delta, 0), most) }
		s.factors[i] = factors{
			luma:   [2]int32{meanFactors[at(deltas[0], 127)], otherFactors[at(0, 127)]},
			means:  [2]int32{2 * meanFactors[at(deltas[1], 127)], max(8, otherFactors[at(deltas[2], 127)]*155/100)},
			chroma: [2]int32{meanFactors[at(deltas[3], 117)], otherFactors[at(deltas[4], 127)]}, // at most 132
		}
	}
}

var meanFactors = [128]int32{
	4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23, 23, 24, 25, 25, 26, 27, 28,
	29, 30, 31, 32, 33, 34, 35, 36, 37, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58,
	59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89,
	91, 93, 95, 96, 98, 100, 101, 102, 104, 106, 108, 110, 112, 114, 116, 118, 122, 124, 126, 128, 130, 132, 134, 136, 138, 140, 143,
	145, 148, 151, 154, 157,
}

var otherFactors = [128]int32{
	4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
	36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76,
	78, 80, 82, 84, 86, 88, 90, 92, 94, 96, 98, 100, 102, 104, 106, 108, 110, 112, 114, 116, 119, 122, 125, 128, 131, 134, 137, 140,
	143, 146, 149, 152, 155, 158, 161, 164, 167, 170, 173, 177, 181, 185, 189, 193, 197, 201, 205, 209, 213, 217, 221, 225, 229, 234,
	239, 245, 249, 254, 259, 264, 269, 274, 279, 284,
}
