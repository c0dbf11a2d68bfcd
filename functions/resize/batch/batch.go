// Package batch takes one batch of items to its result: each picture is fetched, rendered once for all
// its variants, and put. The picture's faults become lines of the result; the world's faults end the
// batch with an error that the state machine knows; what the deadline leaves over is handed back. A
// batch whose worker crashed is worked on again carefully, until what crashed it is a line too.
package batch

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// Store is the part of S3 that a worker uses. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// Worker runs batches. Its fields are set once, before the first Run, which may be called by many
// goroutines.
type Worker struct {
	Store Store
	// Limits bound every picture; the zero value takes picture's defaults. MaxMemory follows from Memory.
	Limits picture.Limits
	// Memory is how many bytes the pictures at work may take together: fetched, decoded and encoded. One
	// that needs more by itself is a failure. 0 is DefaultMemory.
	Memory int64
	// MaxSourceBytes is the largest object that is fetched; 0 is DefaultMaxSourceBytes.
	MaxSourceBytes int64
	// Margin is how long before the context's deadline no further item is started; 0 is a quarter of the
	// time that a batch is given, at most DefaultMargin.
	Margin time.Duration
	// AVIF writes variants of that format; nil: each is a failure.
	AVIF picture.Encoder
	// Stall is how long a download may bring nothing before it is given up and tried again; 0 is
	// DefaultStall.
	Stall time.Duration
	// Observe, if set, is told what became of the items of each round that came to its end, whatever Run
	// returns of it. Rounds that are tried again are told of again.
	Observe func(job.Tally)

	render func(context.Context, []byte, []picture.Variant, picture.Limits) (picture.Result, error) // picture.Render

	ready   sync.Once
	memory  *memory
	cpu     chan struct{} // a place for each picture that may be rendered at a time
	watch   watch
	scouted atomic.Int32 // items that were taken one at a time, or scouts once one was written
}

// The defaults of a Worker. A margin covers the largest picture that the limits let through.
const (
	DefaultMemory         = 1 << 30
	DefaultMaxSourceBytes = 256 << 20
	DefaultMargin         = 15 * time.Second
	DefaultStall          = 10 * time.Second
)

// lastCall is how long before the deadline items at work are given up and handed back.
const lastCall = 2 * time.Second

// Run works on every item of b and returns their account. The error is one of job's exported error
// types, bare, or the context's; items that were finished before it are found current when the batch
// is tried again. If some items could not be reached but others were done, there is no error: those
// that are left are Remaining, as are those that the deadline left over. At least one item is always
// started, so that rounds come to an end. After job.Stuck the process has to end: a picture holds a
// processor and its memory for ever.
func (w *Worker) Run(ctx context.Context, b job.Batch) (job.Result, error) {
	if len(b.BatchInput.Job.Variants) == 0 {
		return job.Result{}, job.InvalidInput{Problems: []job.Problem{{Field: "BatchInput.job.variants", Given: "none", Allowed: "the event of a worker, as the state machine makes it"}}}
	}
	w.prepare()
	started := time.Now()
	r := newRound(w, b)
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if deadline, ok := ctx.Deadline(); ok {
		given := deadline.Sub(started)
		r.stopAt, r.patience = deadline.Add(-w.margin(given)), given/2
		var end context.CancelFunc
		work, end = context.WithDeadline(work, deadline.Add(-lastCall))
		defer end()
	}
	w.watch.tell(work, cancel)

	if b.Crash != nil {
		if err := r.recall(work); err != nil {
			return job.Result{}, err
		}
	}
	outcomes := make([]outcome, len(b.Items))
	first, suspects := r.order()
	r.each(work, first, inFlight(), outcomes)
	r.each(work, suspects, 1, outcomes) // those that may end the process come when all others are done
	if h, ok := context.Cause(work).(hang); ok {
		r.accuse(ctx, h)
		return job.Result{}, job.Stuck{Message: h.Error()}
	}
	r.putDown(ctx)
	if ctx.Err() != nil {
		return job.Result{}, ctx.Err()
	}
	round := tally(outcomes, started)
	if w.Observe != nil {
		w.Observe(round)
	}
	return settle(b, outcomes, round)
}

// prepare makes what all rounds of the worker share.
func (w *Worker) prepare() {
	w.ready.Do(func() {
		total := w.Memory
		if total == 0 {
			total = DefaultMemory
		}
		if w.render == nil {
			w.render = picture.Render
		}
		w.memory = newMemory(total, processors())
		w.Limits.MaxMemory = w.memory.most
		if w.MaxSourceBytes == 0 {
			w.MaxSourceBytes = DefaultMaxSourceBytes
		}
		w.MaxSourceBytes = min(w.MaxSourceBytes, total)
		if w.Stall == 0 {
			w.Stall = DefaultStall
		}
		w.cpu = make(chan struct{}, processors())
		w.watch.ended = make(chan struct{})
	})
}

func (w *Worker) margin(given time.Duration) time.Duration {
	if w.Margin != 0 {
		return w.Margin
	}
	return min(given/4, DefaultMargin)
}
