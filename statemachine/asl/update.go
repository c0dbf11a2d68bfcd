package asl

import "math"

// MapRunUpdate is what may change of a Map Run while it runs; what is nil stays as it is. It holds from
// then on, and for the attempts of a redrive the state's own values hold again.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateMapRun.html
type MapRunUpdate struct {
	MaxConcurrency             *int     // 0 or more; 0 is no limit. Children that run above it go on
	ToleratedFailureCount      *int64   // 0 or more
	ToleratedFailurePercentage *float64 // 0 to 100
}

// update changes the run, and judges what has failed so far by what holds now.
func (r *mapRun) update(u MapRunUpdate) {
	if !r.board.running() {
		return
	}
	r.board.change(r.board.parent(), Event{Kind: MapRunUpdated}, func(s *MapRun) {
		if u.MaxConcurrency != nil {
			s.MaxConcurrency = *u.MaxConcurrency
			limit := min(*u.MaxConcurrency, maxChildren)
			if limit == 0 {
				limit, s.MaxConcurrency = maxChildren, math.MaxInt32 // A30
			}
			r.slots.resize(limit)
		}
		if u.ToleratedFailureCount != nil {
			s.ToleratedFailureCount, r.tolerance.count = *u.ToleratedFailureCount, *u.ToleratedFailureCount
		}
		if u.ToleratedFailurePercentage != nil {
			s.ToleratedFailurePercentage, r.tolerance.percentage = *u.ToleratedFailurePercentage, *u.ToleratedFailurePercentage
		}
		r.board.judge()
	})
}
