package asl

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"
)

// expressLimit is how long an EXPRESS child execution may take (A23).
const expressLimit = 5 * time.Minute

// readAhead is how many pages of items are read before they are needed: enough to show how much is
// to come, little enough to hold in memory.
const readAhead = 16

// child is one child execution of a Map Run.
type child struct {
	name  string
	arn   string
	index int
	input any
	items int
	bytes int // of input
	limit int // what bytes may be

	before   *ended // how it ended on an earlier attempt; nil: it has not
	redrives int

	start, stop time.Time
}

// children yields the child executions that are to run: on a redrive first those that had not succeeded,
// then those of all items that have not been in one, in order. It stops after an error; when ctx ends,
// it ends with what has been read.
func (r *mapRun) children(ctx context.Context) iter.Seq2[*child, error] {
	return func(yield func(*child, error) bool) {
		for k, err := range r.unsuccessful() {
			if !yield(k, err) || err != nil {
				return
			}
		}
		for k, err := range r.fresh(ctx) {
			if !yield(k, err) || err != nil {
				return
			}
		}
	}
}

// fresh yields the children of items that have not been in one that ended.
func (r *mapRun) fresh(ctx context.Context) iter.Seq2[*child, error] {
	return func(yield func(*child, error) bool) {
		if r.nothingLeft() {
			return
		}
		pages, done := make(chan []any, readAhead), make(chan struct{})
		var failed error
		var reader sync.WaitGroup
		defer reader.Wait()
		defer close(done)
		reader.Go(func() {
			defer close(pages)
			failed = r.read(ctx, func(items []any) bool {
				select {
				case pages <- items:
					return true
				case <-done:
					return false
				}
			})
		})
		next := packer{run: r}
		for page := range pages {
			for _, item := range page {
				if k, err := next.add(item); (k != nil || err != nil) && !yield(k, err) || err != nil {
					return
				}
			}
		}
		if failed != nil && !yield(nil, failed) {
			return
		}
		if k, err := next.flush(); k != nil || err != nil {
			yield(k, err)
		}
	}
}

func (r *mapRun) name(k *child) {
	k.name = r.arns.childName(k.index)
	k.arn = r.arns.child(k.name)
}

// runChild runs a child to its end and counts it.
func (r *mapRun) runChild(ctx context.Context, k *child) {
	k.start = time.Now()
	t := &track{}
	if k.before != nil && !r.express {
		k.redrives++
		t.position = k.before.stands()
	}
	e := r.executionOf(k)
	r.board.started(e, k)
	var limit *Error
	if r.express {
		limit = &Error{Name: errorTimeout, Cause: "the child execution reached the 5 minutes of EXPRESS", timedOut: true}
	}
	output, err := r.execute(ctx, e, t, k, limit)
	k.stop = time.Now()
	o := outcome{child: k, status: statusSucceeded, output: output}
	if err != nil {
		o.output = nil
		o.status, o.failure = statusFailed, asError(err, errorRuntime)
		switch {
		case limit != nil && o.failure == limit:
			o.status = statusTimedOut
		case errors.Is(err, ErrAborted), ctx.Err() != nil && errors.Is(context.Cause(ctx), err):
			o.status, o.failure = statusAborted, nil
		}
	}
	if err := r.keepEnded(o, t); err != nil {
		r.cancel(err)
	}
	r.record(o)
	r.board.finished(e, o)
}

func (r *mapRun) execute(ctx context.Context, e *execution, t *track, k *child, limit *Error) (any, error) {
	if k.bytes > k.limit {
		return nil, failure(errorDataLimit, "the input has %d bytes, %d are allowed", k.bytes, k.limit) // A24
	}
	if limit != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, expressLimit, limit)
		defer cancel()
	}
	return r.graph.run(ctx, e, t, nil, k.input)
}

// executionOf is the child's own execution: its context object is not that of the parent (A25).
func (r *mapRun) executionOf(k *child) *execution {
	x := r.context.execution.Execution
	x.ID, x.Name, x.StartTime = k.arn, k.name, k.start
	x.StateMachineID, x.StateMachineName = r.arns.machine, r.arns.machineName
	x.Journal, x.RedriveCount, x.RedriveTime = nil, 0, time.Time{}
	if !r.express { // an EXPRESS child is started anew (A39)
		x.RedriveCount, x.RedriveTime = k.redrives, r.opened.Redriven
	}
	e := newExecution(x)
	e.input, e.mapRunARN, e.child = k.input, r.arns.run, k.name
	return e
}
