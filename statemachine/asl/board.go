package asl

import (
	"math"
	"sync"
	"time"
)

// The states of a Map Run and of a child execution.
const (
	statusRunning   = "RUNNING"
	statusPending   = "PENDING"
	statusSucceeded = "SUCCEEDED"
	statusFailed    = "FAILED"
	statusTimedOut  = "TIMED_OUT"
	statusAborted   = "ABORTED"
)

// board holds the counters of a Map Run, judges its tolerance and tells of its progress.
type board struct {
	owner *mapRun
	mu    sync.Mutex
	state MapRun
}

func newBoard(r *mapRun) *board {
	state := MapRun{
		ARN: r.arns.run, Execution: r.context.execution.ID, State: r.context.state, Label: r.label,
		Status: statusRunning, MaxConcurrency: r.concurrency,
		ToleratedFailureCount: r.tolerance.count, ToleratedFailurePercentage: r.tolerance.percentage,
		Start: r.opened.Start, RedriveCount: r.opened.Redrives, RedriveDate: r.opened.Redriven,
	}
	if r.unlimited {
		state.MaxConcurrency = math.MaxInt32 // A30
	}
	return &board{owner: r, state: state}
}

// change applies f and tells of it, one change at a time.
func (b *board) change(e *execution, ev Event, f func(*MapRun)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.state)
	if e.Observe == nil {
		return
	}
	snapshot := b.state
	ev.MapRun, ev.MapRunARN, ev.State = &snapshot, b.state.ARN, b.state.State
	if c := b.owner.context; e == c.execution {
		ev.StateType, ev.Iteration = c.kind, c.track.at
	}
	e.tell(ev)
}

func (b *board) running() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state.Status == statusRunning
}

func (b *board) parent() *execution { return b.owner.context.execution }

func (b *board) start() {
	kind := MapRunStarted
	if b.state.RedriveCount > 0 {
		kind = MapRunRedriven
	}
	b.change(b.parent(), Event{Kind: kind, Update: b.owner.update}, func(*MapRun) {})
}

// written counts what the result files will tell.
func (b *board) written(k *child) {
	if b.owner.writer != nil && b.owner.writer.exports {
		b.state.Items.ResultsWritten += int64(k.items)
		b.state.Executions.ResultsWritten++
	}
}

func (b *board) read(items int) {
	b.change(b.parent(), Event{Kind: ItemsRead}, func(s *MapRun) {
		s.Items.Total += int64(items)
		s.Items.Pending += int64(items)
	})
}

func (b *board) listed() {
	b.change(b.parent(), Event{Kind: ItemsRead}, func(s *MapRun) {
		s.Listed = true
		b.judge()
	})
}

func (b *board) started(e *execution, k *child) {
	b.change(e, Event{Kind: ChildStarted, Input: k.input}, func(s *MapRun) {
		s.Items.Running += int64(k.items)
		s.Executions.Running++
		if k.before != nil {
			s.Items.PendingRedrive -= int64(k.items)
			s.Executions.PendingRedrive--
			return
		}
		s.Items.Pending -= int64(k.items)
		s.Executions.Total++
	})
}

// left counts a child that is not started: it stays pending or, on a redrive, what it was before.
func (b *board) left(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := &b.state
	if o.status == statusPending {
		s.Executions.Pending++
		s.Executions.Total++
		return
	}
	s.Items.PendingRedrive -= int64(o.child.items)
	s.Executions.PendingRedrive--
	s.Items.end(o.status, int64(o.child.items))
	s.Executions.end(o.status, 1)
	b.written(o.child)
}

func (b *board) finished(e *execution, o outcome) {
	ev := Event{Kind: ChildSucceeded, Output: o.output}
	if o.failure != nil {
		ev.Error, ev.Cause = o.failure.Name, o.failure.Cause
	}
	b.change(e, ev.of(o.status), func(s *MapRun) {
		s.Items.Running -= int64(o.child.items)
		s.Executions.Running--
		s.Items.end(o.status, int64(o.child.items))
		s.Executions.end(o.status, 1)
		b.written(o.child)
		b.judge()
	})
}

func (b *board) finish(status string, cause error) {
	ev := Event{Kind: MapRunFinished}
	if cause != nil {
		e := asError(cause, "")
		ev.Error, ev.Cause = e.Name, e.Cause
	}
	b.change(b.parent(), ev, func(s *MapRun) { s.Status, s.Stop = status, time.Now() })
}

// judge ends the run if too many of its items failed.
func (b *board) judge() {
	failed, total := b.state.Items.Failed+b.state.Items.TimedOut, b.state.Items.Total
	if b.owner.tolerance.exceeded(failed, total, b.state.Listed) {
		b.owner.toleranceExceeded(failed, total)
	}
}

// end counts n as ended with status.
func (c *Counts) end(status string, n int64) {
	switch status {
	case statusSucceeded:
		c.Succeeded += n
	case statusFailed:
		c.Failed += n
	case statusTimedOut:
		c.TimedOut += n
	case statusAborted:
		c.Aborted += n
	}
}

// of gives the event of a child's end the kind that fits its status.
func (ev Event) of(status string) Event {
	switch status {
	case statusFailed:
		ev.Kind = ChildFailed
	case statusTimedOut:
		ev.Kind = ChildTimedOut
	case statusAborted:
		ev.Kind = ChildAborted
	}
	return ev
}
