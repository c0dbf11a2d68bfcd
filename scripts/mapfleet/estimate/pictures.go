package estimate

import (
	"time"

	"mapfleet/functions/cost"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

// Pictures are the items of a run as they were counted, large and small ones where they stand: a giant in
// a batch keeps its worker when the others are done.
type Pictures struct {
	survey       *survey.Survey
	order        survey.Order
	share, alone [survey.Classes]time.Duration
}

// picturesOf works out how long each kind of picture takes by a load, so that all of them together take
// what they do by the bill, which takes them for alike.
func picturesOf(s *survey.Survey, l cost.Load, b cost.Bill) *Pictures {
	p := &Pictures{survey: s, order: s.Order()}
	sum := 0.0
	s.Each(func(c survey.Class, items int, bytes int64, kind cost.Kind) {
		p.share[c], p.alone[c] = l.Picture(bytes, kind)
		sum += float64(items) * float64(p.share[c])
	})
	for c := range p.share {
		if sum > 0 {
			p.share[c] = time.Duration(float64(p.share[c]) * float64(b.Work) / sum)
		}
	}
	return p
}

// batch is how long the items from first on take together, n of them. fetched is told of each that is
// fetched, by the number of its prefix.
func (p *Pictures) batch(first, n int, fetched func(prefix uint16)) time.Duration {
	var together, longest time.Duration
	p.order.Range(first, n, func(c survey.Class, prefix uint16) {
		together += p.share[c]
		longest = max(longest, p.alone[c])
		fetched(prefix)
	})
	return max(together, longest)
}
