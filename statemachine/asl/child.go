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

	start, stop time.Time
}

// children makes child executions of the items, in order. It stops after an error; it ends early, with
// what has been read, when ctx ends.
func (r *mapRun) children(ctx context.Context) iter.Seq2[*child, error] {
	return func(yield func(*child, error) bool) {
		pages := make(chan []any, readAhead)
		reading, stop := context.WithCancel(ctx)
		var failed error
		var reader sync.WaitGroup
		defer func() {
			stop()
			for range pages { // what nobody wants any more
			}
			reader.Wait()
		}()
		reader.Go(func() {
			defer close(pages)
			failed = r.read(reading, pages)
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
		if k := next.flush(); k != nil {
			yield(k, nil)
		}
	}
}

// read sends the items of the source, and returns why it could not go on unless ctx ended.
func (r *mapRun) read(ctx context.Context, pages chan<- []any) error {
	err := r.source(ctx, func(items []any) bool {
		if ctx.Err() != nil {
			return false
		}
		r.board.read(len(items))
		pages <- items
		return ctx.Err() == nil
	})
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil:
		return &Error{Name: errorItemReader, Cause: err.Error()}
	}
	r.board.listed()
	return nil
}

// packer makes children of items.
type packer struct {
	run      *mapRun
	items    int
	children int
}

func (p *packer) add(item any) (*child, error) {
	r := p.run
	value, err := selected(r.selector, r.input, r.context, &mapItem{p.items, item})
	if err != nil {
		return nil, err // A35
	}
	p.items++
	if r.batch != nil {
		return p.named(r.batch.add(value)), nil
	}
	return p.named(&child{input: value, items: 1, bytes: size(value), limit: maxPayload}), nil
}

func (p *packer) flush() *child {
	if p.run.batch == nil {
		return nil
	}
	return p.named(p.run.batch.flush())
}

func (p *packer) named(k *child) *child {
	if k != nil {
		k.index, k.name = p.children, newUUID()
		k.arn = p.run.arns.child(k.name)
		p.children++
	}
	return k
}

// runChild runs a child to its end and counts it.
func (r *mapRun) runChild(ctx context.Context, k *child) {
	k.start = time.Now()
	e := r.executionOf(k)
	r.board.started(e, k)
	var limit *Error
	if r.express {
		limit = &Error{Name: errorTimeout, Cause: "the child execution reached the 5 minutes of EXPRESS", timedOut: true}
	}
	output, err := r.execute(ctx, e, k, limit)
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
	r.record(o)
	r.board.finished(e, o)
}

func (r *mapRun) execute(ctx context.Context, e *execution, k *child, limit *Error) (any, error) {
	if k.bytes > k.limit {
		return nil, failure(errorDataLimit, "the input has %d bytes, %d are allowed", k.bytes, k.limit) // A24
	}
	if limit != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, expressLimit, limit)
		defer cancel()
	}
	return r.graph.run(ctx, e, nil, k.input)
}

// executionOf is the child's own execution: its context object is not that of the parent (A25).
func (r *mapRun) executionOf(k *child) *execution {
	x := r.context.execution.Execution
	x.ID, x.Name, x.StartTime = k.arn, k.name, k.start
	x.StateMachineID, x.StateMachineName = r.arns.machine, r.arns.machineName
	e := newExecution(x)
	e.input, e.mapRunARN, e.child = k.input, r.arns.run, k.name
	return e
}
