package asl

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"
)

// execution is a running Execution, of a machine or of a child of a Map Run.
type execution struct {
	Execution
	input     any
	mapRunARN string // of a child
	child     string // name, of a child
	fixed     func() fixedContext
}

// fixedContext is the part of the context object that all states of an execution share.
type fixedContext struct{ execution, machine map[string]any }

func newExecution(x Execution) *execution {
	if x.StateMachineName == "" {
		x.StateMachineName = x.StateMachineID[strings.LastIndexByte(x.StateMachineID, ':')+1:]
	}
	if x.StartTime.IsZero() {
		x.StartTime = time.Now()
	}
	if x.Sleep == nil {
		x.Sleep = sleep
	}
	e := &execution{Execution: x, input: map[string]any{}}
	e.fixed = sync.OnceValue(e.fixedContext)
	return e
}

func (e *execution) fixedContext() fixedContext {
	execution := map[string]any{
		"Id": e.ID, "Input": e.input, "Name": e.Name, "RedriveCount": e.RedriveCount,
		"StartTime": e.StartTime.UTC().Format(timeLayout),
	}
	if e.RedriveCount > 0 {
		execution["RedriveTime"] = e.RedriveTime.UTC().Format(timeLayout) // A36
	}
	return fixedContext{execution: execution, machine: map[string]any{"Id": e.StateMachineID, "Name": e.StateMachineName}}
}

// tell completes ev and passes it to Observe.
func (e *execution) tell(ev Event) {
	if e.Observe == nil {
		return
	}
	ev.Time, ev.Execution = time.Now(), e.ID
	if ev.MapRunARN == "" {
		ev.MapRunARN = e.mapRunARN
	}
	if ev.MapRunARN == e.mapRunARN {
		ev.Child = e.child
	}
	e.Observe(ev)
}

func (e *execution) started() {
	if e.RedriveCount > 0 {
		e.tell(Event{Kind: ExecutionRedriven, RedriveCount: e.RedriveCount})
		return
	}
	e.tell(Event{Kind: ExecutionStarted, Input: e.input})
}

func (e *execution) finished(output any, err error) {
	ev := Event{Kind: ExecutionSucceeded, Output: output}
	if err != nil {
		ev = Event{Kind: ExecutionAborted, Cause: err.Error()}
		if failed, ok := errors.AsType[*Error](err); ok {
			ev = Event{Kind: ExecutionFailed, Error: failed.Name, Cause: failed.Cause}
			if failed.timedOut {
				ev.Kind = ExecutionTimedOut
			}
		}
	}
	e.tell(ev)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
