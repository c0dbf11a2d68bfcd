package asl

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// publishGrace is how long a Map Run may go on writing its result files after an abort.
const publishGrace = 30 * time.Second

// mapRun is one run of a distributedMap. What it runs comes from children alone: on a redrive they are
// those that the earlier attempts left.
type mapRun struct {
	plan
	opened  mapRunOpened
	arns    mapRunARNs
	journal Journal // nil: nothing is kept
	recalled
	board   *board
	slots   *slots
	results results
	cancel  context.CancelCauseFunc // ends the running children and starts no more
	begun   bool                    // the journal knows that children were started
}

func newMapRun(p plan, opened mapRunOpened) *mapRun {
	e := p.context.execution
	r := &mapRun{plan: p, opened: opened, arns: newMapRunARNs(e.StateMachineID, p.label, opened.ID, p.express), journal: p.context.track.journal}
	if p.writer != nil && p.writer.exports {
		r.results = &exported{writer: p.writer, destination: p.destination, arns: r.arns, objects: e.Objects}
	} else {
		r.results = &collected{writer: p.writer, arns: r.arns}
	}
	r.board, r.slots = newBoard(r), newSlots(p.concurrency)
	return r
}

func (r *mapRun) run(parent context.Context) (any, error) {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	r.cancel = cancel
	r.board.start()
	r.runChildren(ctx)
	return r.finish(parent, context.Cause(ctx))
}

// runChildren starts the children as slots become free. Once ctx has ended it only notes those whose
// items had been read: as PENDING or, on a redrive, as they had ended before.
func (r *mapRun) runChildren(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	for k, err := range r.children(ctx) {
		if err != nil {
			r.cancel(err)
			continue
		}
		if err := r.begin(); err != nil {
			r.cancel(err)
		}
		if !r.slots.acquire(ctx) {
			r.leave(k)
			continue
		}
		running.Go(func() {
			defer r.slots.release()
			r.runChild(ctx, k)
		})
	}
}

// begin keeps that children are started: from then on a redrive goes over the same items (A39).
func (r *mapRun) begin() error {
	if r.begun {
		return nil
	}
	r.begun = true
	return keep(r.journal, childrenLog(r.opened.ID), ended{Begun: true})
}

// leave notes a child that is not started.
func (r *mapRun) leave(k *child) {
	o := outcome{child: k, status: statusPending}
	if k.before != nil {
		o = k.before.outcome(k)
	}
	r.board.left(o)
	r.record(o)
}

// record takes the outcome of a child into the results.
func (r *mapRun) record(o outcome) {
	if err := r.results.add(o); err != nil {
		r.cancel(failure(errorResultWriter, "keep the results of child %s: %v", o.child.name, err))
	}
}

// finish writes the results, also of a run that failed or was aborted, so that a report can be made.
func (r *mapRun) finish(parent context.Context, cause error) (any, error) {
	ctx, release := surviving(parent, publishGrace)
	defer release()
	output, err := r.results.publish(ctx)
	switch {
	case err != nil && cause == nil:
		cause = err
	case err != nil:
		if e := asError(cause, errorRuntime); parent.Err() == nil {
			cause = failure(e.Name, "%s (and the results could not be written: %v)", e.Cause, err)
		}
	}
	switch {
	case parent.Err() != nil && cause != nil:
		r.board.finish(statusAborted, cause)
		return nil, stopped(parent)
	case cause != nil:
		r.board.finish(statusFailed, cause)
		return nil, cause
	}
	r.board.finish(statusSucceeded, nil)
	return output, nil
}

// toleranceExceeded ends the run because too many items failed.
func (r *mapRun) toleranceExceeded(failed, total int64) {
	r.cancel(&Error{Name: errorToleranceLimit, Cause: fmt.Sprintf("the specified tolerated failure threshold was exceeded: %d of %d items failed", failed, total)})
}

// surviving returns a context that goes on for grace after parent has ended.
func surviving(parent context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	stop := context.AfterFunc(parent, func() {
		_ = sleep(ctx, grace)
		cancel()
	})
	return ctx, func() { stop(); cancel() }
}
