package batch

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"mapfleet/functions/job"
)

// round is the work on one batch.
type round struct {
	worker  *Worker
	job     job.Job
	items   []job.Item
	recipes []string // of job.Variants

	first    int           // index of the item that is started however late it is
	stopAt   time.Time     // when no other is started any more; zero: never
	patience time.Duration // how long one picture may be rendered; 0: without end
	broken   atomic.Bool   // one item met a fault of the world: start no more

	crash  *job.Crash // not nil: work carefully
	marker marker
	hand   turn // of a careful round: one item at a time
}

func newRound(w *Worker, b job.Batch) *round {
	r := &round{worker: w, job: b.BatchInput.Job, items: b.Items, crash: b.Crash, hand: newTurn()}
	for _, v := range r.job.Variants {
		r.recipes = append(r.recipes, v.Recipe())
	}
	return r
}

// processors is how many pictures are rendered at a time.
func processors() int { return runtime.GOMAXPROCS(0) }

// inFlight is how many items are at work at a time, as far as memory allows. One processor is busy with
// them once they are as many as fit a picture's computing, which may be 2 ms with the calls for it, into
// the time that S3 takes to give the source and to take the output, some 80 ms.
func inFlight() int { return 32 * processors() }

// scouts is how many items a worker takes one at a time at most, until it has written something: where
// nothing may be written, one picture finds it out instead of all that would be in flight.
const scouts = 8

// each works on the items of these indices, so many at a time, and returns when all have their outcome.
func (r *round) each(ctx context.Context, indices []int, most int, outcomes []outcome) {
	one := func(i int) {
		if r.over(ctx, i) {
			outcomes[i] = outcome{left: true}
			return
		}
		outcomes[i] = r.item(ctx, i)
		if outcomes[i].world != nil {
			r.broken.Store(true)
		}
	}
	for len(indices) > 0 && r.worker.scouted.Load() < scouts {
		one(indices[0])
		if !r.broken.Load() {
			r.worker.scouted.Add(1)
		}
		indices = indices[1:]
	}
	// A goroutine takes one item after the other: its stack, which a call of the SDK grows several times over,
	// stays as deep as they need it.
	var group sync.WaitGroup
	var taken atomic.Int64
	for range min(most, len(indices)) {
		group.Go(func() {
			for n := taken.Add(1); n <= int64(len(indices)); n = taken.Add(1) {
				one(indices[n-1])
			}
		})
	}
	group.Wait()
}

// over says whether item i is not to be started any more.
func (r *round) over(ctx context.Context, i int) bool {
	late := i != r.first && !r.stopAt.IsZero() && time.Now().After(r.stopAt)
	return late || r.broken.Load() || ctx.Err() != nil
}

// order returns the indices of the items: first those of which nothing is known, then those that a worker
// ended with.
func (r *round) order() (first, suspects []int) {
	for i, item := range r.items {
		if r.marker.Ends[item.Key] > 0 {
			suspects = append(suspects, i)
		} else {
			first = append(first, i)
		}
	}
	if all := slices.Concat(first, suspects); len(all) > 0 {
		r.first = all[0]
	}
	return first, suspects
}
