package batch

import (
	"context"
	"errors"
	"time"

	"mapfleet/functions/job"
)

// tally adds up the outcomes of a round.
func tally(outcomes []outcome, started time.Time) job.Tally {
	round := job.Tally{Started: started, Finished: time.Now(), Rounds: 1, Milliseconds: milliseconds(outcomes)}
	for _, o := range outcomes {
		if o.left || o.world != nil {
			o.countPuts(&round)
			continue
		}
		o.count(&round)
	}
	return round
}

// settle makes the result of a round and those before it.
func settle(b job.Batch, outcomes []outcome, round job.Tally) (job.Result, error) {
	result := job.Result{Remaining: []job.Item{}}
	var world error
	for i, o := range outcomes {
		if weight(o.world) > weight(world) {
			world = o.world
		}
		if o.left || o.world != nil {
			result.Remaining = append(result.Remaining, b.Items[i])
		}
	}
	if denied := allDenied(b, outcomes); weight(denied) > weight(world) {
		world = denied
	}
	switch {
	case errors.Is(world, context.DeadlineExceeded) && round.Listed == 0:
		return job.Result{}, context.DeadlineExceeded
	case world != nil && (!passes(world) || round.Listed == 0):
		return job.Result{}, world
	}
	if b.Earlier != nil {
		result.Done = *b.Earlier
	}
	result.Done.Add(round)
	if t := result.Done; len(result.Remaining) == 0 && t.Failed == t.Listed && t.Listed > 0 {
		return job.Result{}, job.NewBatchFailed(t)
	}
	result.Shrink(job.MaxResultBytes)
	return result, nil
}

// allDenied returns the AccessDenied that every source met which was asked for in this round: then it
// is the role that lacks a permission, not one object that is locked. After a round in which sources
// could be read it is never so.
func allDenied(b job.Batch, outcomes []outcome) error {
	var first error
	for _, o := range outcomes {
		switch {
		case o.denied != nil && first == nil:
			first = o.denied
		case o.denied == nil && !o.unasked():
			return nil
		}
	}
	if b.Earlier != nil && b.Earlier.Listed > 0 {
		return nil
	}
	return first
}

// passes says whether a fault of the world may be over in the next round.
func passes(err error) bool { return weight(err) < lasting }

const lasting = 3

// weight orders faults of the world: of several, the heaviest tells most about how to go on.
func weight(err error) int {
	switch err.(type) {
	case nil:
		return 0
	case job.Throttled, job.Unavailable:
		return 2
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return 1
	}
	return lasting
}
