// Package batch takes one batch of items to its result: each picture is fetched, rendered once for all
// its variants, and put. The picture's faults become lines of the result; the world's faults end the
// batch with an error that the state machine knows; what the deadline leaves over is handed back.
package batch

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// Store is the part of S3 that a worker uses. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Worker runs batches. Its fields are set once; Run may be called by many goroutines.
type Worker struct {
	Store Store
	// Limits bound every picture; the zero value takes picture's defaults.
	Limits picture.Limits
	// MaxSourceBytes is the largest object that is fetched; 0 is DefaultMaxSourceBytes.
	MaxSourceBytes int64
	// Margin is how long before the context's deadline no further item is started; 0 is DefaultMargin.
	Margin time.Duration
}

// The defaults of a Worker. A margin covers the largest picture that the limits let through.
const (
	DefaultMaxSourceBytes = 256 << 20
	DefaultMargin         = 15 * time.Second
)

// lastCall is how long before the deadline items at work are given up and handed back.
const lastCall = 2 * time.Second

// Run works on every item of b and returns their account. The error is one of job's exported error
// types, bare, or the context's; items that were finished before it are found current when the batch
// is tried again. If some items could not be reached but others were done, there is no error: those
// that are left are Remaining, as are those that the deadline left over. At least one item is always
// started, so that rounds come to an end.
func (w *Worker) Run(ctx context.Context, b job.Batch) (job.Result, error) {
	started := time.Now()
	r := round{worker: w, job: b.BatchInput.Job, cpu: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for _, v := range r.job.Variants {
		r.recipes = append(r.recipes, v.Recipe())
	}
	margin := w.Margin
	if margin == 0 {
		margin = DefaultMargin
	}
	work := ctx
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		work, cancel = context.WithDeadline(ctx, deadline.Add(-lastCall))
		defer cancel()
	}

	outcomes := make([]outcome, len(b.Items))
	var broken atomic.Bool // one item met a fault of the world: start no more
	var group errgroup.Group
	group.SetLimit(inFlight())
	for i, item := range b.Items {
		group.Go(func() error { // waits for its place, so what stops it is looked at inside
			deadline, bounded := ctx.Deadline()
			late := bounded && time.Until(deadline) < margin
			if i > 0 && (late || broken.Load() || work.Err() != nil) {
				outcomes[i] = outcome{left: true}
				return nil
			}
			o := r.item(work, item)
			if o.world != nil {
				broken.Store(true)
			}
			outcomes[i] = o
			return nil
		})
	}
	_ = group.Wait() // the goroutines return nil: outcomes hold their errors
	if ctx.Err() != nil {
		return job.Result{}, ctx.Err()
	}
	return settle(b, outcomes, started)
}

// inFlight is how many items are at work at a time: those being rendered, one a processor, and as many
// again that wait for S3.
func inFlight() int { return 2*runtime.GOMAXPROCS(0) + 2 }

// settle adds up the outcomes of a round and those before it.
func settle(b job.Batch, outcomes []outcome, started time.Time) (job.Result, error) {
	round := job.Tally{Started: started, Finished: time.Now(), Rounds: 1, Milliseconds: milliseconds(outcomes)}
	result := job.Result{Remaining: []job.Item{}}
	var world error
	for i, o := range outcomes {
		if weight(o.world) > weight(world) {
			world = o.world
		}
		if o.left || o.world != nil {
			result.Remaining = append(result.Remaining, b.Items[i])
			o.countPuts(&round)
			continue
		}
		o.count(&round)
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
