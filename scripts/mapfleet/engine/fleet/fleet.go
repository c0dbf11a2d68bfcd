// Package fleet runs Lambda functions on one machine. Each execution environment is one real process
// of the function's bootstrap, which talks to a Runtime API of its own on a loopback address, just as
// it does inside AWS. Environments start when they are needed, serve one event at a time, and are kept
// for the next.
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

// Function is a Lambda function as it is configured. All fields are needed.
type Function struct {
	Name         string
	Bootstrap    string        // path of the executable
	Env          []string      // NAME=value; nothing else of this process's environment is passed on
	Timeout      time.Duration // of one event; then the process is killed
	MemoryMB     int           // told to the function; not enforced
	Environments int           // how many may run at a time; further events wait
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
	logs  string
	pools map[string]*pool
}

// pool holds the environments of one function.
type pool struct {
	function Function
	places   chan struct{} // one for every event at work
	logs     string

	mu     sync.Mutex
	idle   []*environment // the one used last at the end
	all    map[*environment]struct{}
	number int
	closed bool
}

var errClosed = errors.New("the fleet is closed")

// New makes a fleet whose functions log to files in the folder logs.
func New(logs string, functions ...Function) *Fleet {
	f := &Fleet{logs: logs, pools: map[string]*pool{}}
	for _, function := range functions {
		f.pools[function.Name] = &pool{
			function: function, logs: logs,
			places: make(chan struct{}, function.Environments), all: map[*environment]struct{}{},
		}
	}
	return f
}

// Invoke hands one event to the function called name and returns its answer. A failure of the function
// is an *Error. When ctx ends first, the process that works on the event is killed: a real Lambda
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
	answer, err := e.invoke(ctx, event, p.function.Timeout)
	if e.await(ctx) {
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
		p.mu.Lock()
		p.closed = true
		for e := range p.all {
			group.Go(e.stop)
		}
		p.all, p.idle = nil, nil
		p.mu.Unlock()
	}
	group.Wait()
}

// take returns an environment that waits for an event, a new one if need be.
func (p *pool) take(ctx context.Context) (*environment, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	for len(p.idle) > 0 {
		e := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if e.alive() {
			p.mu.Unlock()
			return e, nil
		}
		delete(p.all, e)
		go e.stop()
	}
	p.number++
	number := p.number
	p.mu.Unlock()

	e, err := start(p.function, number, p.logs)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		e.stop()
		return nil, errClosed
	}
	p.all[e] = struct{}{}
	p.mu.Unlock()
	if err := e.initialised(ctx); err != nil {
		p.drop(e)
		return nil, err
	}
	return e, nil
}

func (p *pool) give(e *environment) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.idle = append(p.idle, e)
	}
}

func (p *pool) drop(e *environment) {
	p.mu.Lock()
	delete(p.all, e)
	p.mu.Unlock()
	e.stop()
}
