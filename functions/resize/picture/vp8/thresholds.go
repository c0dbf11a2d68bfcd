package vp8

// filterHeader is how strong the loop filter is (RFC 6386, section 9.4).
type filterHeader struct {
	simple     bool
	level      int // 0 is no filter
	sharpness  int
	adjusts    bool
	references [4]int // the first is for key frames
	modes      [4]int // the first is for macroblocks of subblocks
}

func (f *filterHeader) read(p *partition) {
	f.simple = p.flag()
	f.level = p.number(6)
	f.sharpness = p.number(3)
	f.adjusts = p.flag()
	if !f.adjusts || !p.flag() {
		return
	}
	for i := range f.references {
		f.references[i] = p.delta(6)
	}
	for i := range f.modes {
		f.modes[i] = p.delta(6)
	}
}

// thresholds say which edges are smoothed: those with steps up to them (section 15.3).
type thresholds struct {
	edge     uint8 // 0 if nothing is filtered; 4 more between macroblocks
	interior uint8
	high     uint8 // steps beyond are sharp on purpose
}

// thresholds returns those of macroblocks of a segment (section 9.6 and 15.2); subblocks says whether they are predicted by these.
func (h *header) thresholds(segment int, subblocks bool) thresholds {
	f := &h.filter
	if f.level == 0 {
		return thresholds{}
	}
	level := f.level
	if h.segments.used {
		level = h.segments.strength[segment]
		if h.segments.relative {
			level += f.level
		}
	}
	if f.adjusts {
		level += f.references[0]
		if subblocks {
			level += f.modes[0]
		}
	}
	if level <= 0 {
		return thresholds{}
	}
	level = min(level, 63)
	interior := level
	if f.sharpness > 0 {
		interior >>= 1
		if f.sharpness > 4 {
			interior >>= 1
		}
		interior = min(interior, 9-f.sharpness)
	}
	interior = max(interior, 1)
	high := 0
	switch {
	case level >= 40:
		high = 2
	case level >= 15:
		high = 1
	}
	return thresholds{edge: uint8(2*level + interior), interior: uint8(interior), high: uint8(high)}
}
