package audit

import "sync/atomic"

// Progress tells how far an audit is. It may be read at any time.
type Progress struct {
	phase                          atomic.Pointer[string]
	destination, sources, outsides atomic.Int64
	differences                    atomic.Int64
}

// Moment is the state of a Progress.
type Moment struct {
	Phase       string // what is done now
	Destination int64  // objects listed in the destination
	Sources     int64  // sources looked at
	Unexplained int64  // objects that no source explains, looked at
	Differences int64
}

func (p *Progress) enter(phase string) { p.phase.Store(&phase) }

// Now returns the present state.
func (p *Progress) Now() Moment {
	m := Moment{Destination: p.destination.Load(), Sources: p.sources.Load(), Unexplained: p.outsides.Load(), Differences: p.differences.Load()}
	if phase := p.phase.Load(); phase != nil {
		m.Phase = *phase
	}
	return m
}
