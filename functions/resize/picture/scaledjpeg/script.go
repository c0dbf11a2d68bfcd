package scaledjpeg

import "slices"

// script is the scans of a progressive picture.
type script struct {
	steps []step
	next  int // the step to come
	last  int // the last that is needed
}

// step is what a scan brings: some coefficients of some components.
type step struct {
	components [4]bool
	mask       uint64
	refines    bool
	needed     bool
}

// survey looks at the scans to come, of which p is the first one's header and data what follows that. It refuses a
// file that ends before all that is needed has come, and chooses the scans that are needed.
func (d *decoding) survey(p, data []byte) error {
	d.script = script{steps: d.script.steps[:0]}
	for {
		s, err := d.readScan(p)
		if err != nil {
			return err
		}
		if err := d.advance(&s); err != nil {
			return err
		}
		if d.allCome() {
			break
		}
		if p, data, err = nextScan(data); err != nil {
			return err
		}
		if p == nil { // the end of the image; what has not come of it is 0
			break
		}
	}
	for _, c := range d.components[:d.Components] {
		if c.low[0] == unseen {
			return errIncomplete
		}
	}
	d.script.choose(d.components[:d.Components])
	return nil
}

// nextScan returns the header of the scan after the entropy-coded data that data begins with, and what follows it;
// nil where the image ends.
func nextScan(data []byte) (p, rest []byte, err error) {
	for at := skipEntropy(data); ; {
		s, err := nextSegment(data, at)
		switch {
		case err != nil || s.marker == markerEOI:
			return nil, nil, err
		case s.marker == markerSOS:
			return s.payload, data[s.end:], nil
		}
		at = s.end
	}
}

// advance adds a scan. It must bring new coefficients, or the next bit of those that have come.
func (d *decoding) advance(s *scan) error {
	next := step{mask: indices(s.first, s.last), refines: s.first > 0 && s.high > 0}
	before := uint8(s.high)
	if s.high == 0 {
		before = unseen
	}
	for i := range d.Components {
		c := &d.components[i]
		if !slices.Contains(s.members[:s.count], c) {
			continue
		}
		next.components[i] = true
		for k := s.first; k <= s.last; k++ {
			if c.low[k] != before {
				return unsupported("scans out of order")
			}
			c.low[k] = uint8(s.low)
		}
	}
	d.script.steps = append(d.script.steps, next)
	return nil
}

// allCome says whether every bit of every coefficient that is read has come.
func (d *decoding) allCome() bool {
	for i := range d.Components {
		c := &d.components[i]
		for k := range c.last + 1 {
			if c.reads>>k&1 != 0 && c.low[k] != 0 {
				return false
			}
		}
	}
	return true
}

// choose tells which steps are needed: those of coefficients that are read, and those that tell, of a coefficient in
// a scan that refines and is needed, whether it is 0. For the length of such a scan depends on that.
func (s *script) choose(components []component) {
	var wanted [4]uint64
	for i := range components {
		wanted[i] = components[i].reads
	}
	s.last = -1
	for n, step := range slices.Backward(s.steps) {
		for i := range components {
			if step.components[i] && step.mask&wanted[i] != 0 {
				s.steps[n].needed = true
			}
		}
		if !s.steps[n].needed {
			continue
		}
		s.last = max(s.last, n)
		for i := range components {
			if step.refines && step.components[i] {
				wanted[i] |= step.mask
			}
		}
	}
}

// take moves on to the next step and says whether it is needed.
func (s *script) take() bool {
	s.next++
	return s.steps[s.next-1].needed
}

// done says whether no step that is needed is left.
func (s *script) done() bool { return s.next > s.last }
