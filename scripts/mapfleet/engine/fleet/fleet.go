// Package fleet runs Lambda functions on one machine. Each execution environment is one real process
// of the function's bootstrap, which talks to a Runtime API of its own on a loopback address, just as
// it does inside AWS. Environments start when they are needed, serve one event at a time, and are kept
// for the next. Of a function that only waits for others a process may serve many events at a time, as it
// does on Lambda Managed Instances.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Function is a Lambda function as it is configured. All fields but Processes are needed.
type Function struct {
	Name         string
	Bootstrap    string        // path of the executable
	Env          []string      // NAME=value; nothing else of this process's environment is passed on
	Timeout      time.Duration // of one event; then the process is killed
	MemoryMB     int           // told to the function; not enforced
	Environments int           // how many events may be at work at a time; further ones wait

	// Processes is how many processes there are at most. Where Environments are more, each takes its share of
	// the events at a time; one that runs out of time is then given up alone, and what it holds with it. 0:
	// a process for every event.
	Processes int
}

// eventsAtOnce is how many events a process takes at a time.
func (f Function) eventsAtOnce() int {
	if f.Processes == 0 {
		return 1
	}
	return (f.Environments + f.Processes - 1) / f.Processes
}

// Error is a function's failure as Step Functions sees it: the type of the error, and the JSON that
// Lambda makes of it.
type Error struct {
	Type  string // a Go type name, Runtime.ExitError or Sandbox.Timedout
	Cause string // {"errorMessage":…,"errorType":…}
}

// Error is the type and what the cause says of it.
func (e *Error) Error() string {
	var cause struct {
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal([]byte(e.Cause), &cause) != nil || cause.Message == "" {
		return e.Type + ": " + e.Cause
	}
	return e.Type + ": " + cause.Message
}

// Fleet is a set of functions. Invoke may be called by many goroutines.
type Fleet struct {
	pools map[string]*pool
}

var errClosed = errors.New("the fleet is closed")

// New makes a fleet whose functions log to files in the folder logs.
func New(logs string, functions ...Function) *Fleet {
	f := &Fleet{pools: map[string]*pool{}}
	for _, function := range functions {
		f.pools[function.Name] = newPool(function, logs)
	}
	return f
}

// Invoke hands one event to the function called name and returns its answer. A failure of the function
// is an *Error. When ctx ends first, a process that works on this event alone is killed: a real Lambda
// would go on, but here nobody would pay for it or read its result.
func (f *Fleet) Invoke(ctx context.Context, name string, event []byte) ([]byte, error) {
	p, ok := f.pools[name]
	if !ok {
		return nil, &Error{"Lambda.ResourceNotFoundException", fmt.Sprintf(`{"errorMessage":"Function not found: %s"}`, name)}
	}
	select {
	case p.places <- struct{}{}:
		defer func() { <-p.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	e, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	answer, reusable, err := e.invoke(ctx, event)
	if reusable {
		p.give(e)
	} else {
		p.drop(e)
	}
	return answer, err
}

// Close kills every process and waits until they are gone. Events at work fail.
func (f *Fleet) Close() {
	var group sync.WaitGroup
	for _, p := range f.pools {
		for _, e := range p.close() {
			group.Go(e.stop)
		}
	}
	group.Wait()
}
