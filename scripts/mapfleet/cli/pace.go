package cli

import "time"

// rateOver is the time that a rate is taken over.
const rateOver = 10 * time.Second

// pace tells how fast a count grows.
type pace struct{ past []point }

// point is how many items were done at some time.
type point struct {
	at   time.Time
	done int64
}

// restart forgets what was before.
func (p *pace) restart(now time.Time, done int64) { p.past = []point{{now, done}} }

// rate is the items done a second, over the last ten. Where fewer are done than before it begins anew: what was not
// kept by a server that was killed is not known to the next one.
func (p *pace) rate(now time.Time, done int64) float64 {
	if last := len(p.past) - 1; last >= 0 && done < p.past[last].done {
		p.restart(now, done)
	}
	p.past = append(p.past, point{now, done})
	for len(p.past) > 2 && now.Sub(p.past[1].at) > rateOver {
		p.past = p.past[1:]
	}
	first := p.past[0]
	if took := now.Sub(first.at).Seconds(); took > 0 {
		return float64(done-first.done) / took
	}
	return 0
}
