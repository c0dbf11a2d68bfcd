// Package stepfunctions is the Step Functions API over the local engine: AWS JSON 1.0, with the operations
// that start, watch, stop and redrive executions of the engine's state machines. A Service answers
// requests; an operation is one of them; an Error has the name that an SDK makes a type of.
// https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html
package stepfunctions

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// AtWork is how many executions are carried out at a time. More may be RUNNING: they wait for their turn.
// A batch waits for a process beside those of the other executions, within the time limit of its state.
const AtWork = 3

// Service answers requests once it is attached to an engine. Many goroutines may use it.
type Service struct {
	engine atomic.Pointer[attached]
	ended  func(engine.Outcome, error)

	starting sync.Mutex // one execution begins, or begins again, at a time
	places   chan struct{}

	mu      sync.Mutex
	running map[string]*running // by the keys of executions whose goroutine is at work
	owners  map[string]string   // keys of executions by the ARNs of their Map Runs
	closed  bool
	group   sync.WaitGroup
}

type attached struct {
	*engine.Engine
	accessKey, secretKey string
	since                time.Time
}

// running is an execution that a goroutine of this process carries out.
type running struct {
	begun  *engine.Begun
	cancel context.CancelCauseFunc
	token  string // clientToken of the redrive that it goes on by
	done   chan struct{}

	mu      sync.Mutex
	mapRuns map[string]asl.MapRun // as they stand, by their ARNs
	update  map[string]func(asl.MapRunUpdate)
}

// New returns a service without an engine: until Attach it answers ServiceUnavailable. ended, which may be
// nil, is told of every execution whose report is made.
func New(ended func(engine.Outcome, error)) *Service {
	if ended == nil {
		ended = func(engine.Outcome, error) {}
	}
	return &Service{ended: ended, places: make(chan struct{}, AtWork), running: map[string]*running{}, owners: map[string]string{}}
}

// Attach begins to serve an engine. Requests must be signed with its keys.
func (s *Service) Attach(e *engine.Engine) {
	accessKey, secretKey := e.Keys()
	s.engine.Store(&attached{Engine: e, accessKey: accessKey, secretKey: secretKey, since: time.Now()})
}

// Close ends all executions as ABORTED, starts no more, and returns when their reports are made. The engine
// must still be open. It returns how many it has ended.
func (s *Service) Close(cause string) int {
	s.mu.Lock()
	s.closed = true
	for _, r := range s.running {
		r.cancel(&engine.Stopped{Cause: cause})
	}
	n := len(s.running)
	s.mu.Unlock()
	s.group.Wait()
	return n
}

// carryOut runs an execution that has begun, in a goroutine of its own.
func (s *Service) carryOut(b *engine.Begun, token string) {
	ctx, cancel := context.WithCancelCause(context.Background())
	r := &running{begun: b, cancel: cancel, token: token, done: make(chan struct{}), mapRuns: map[string]asl.MapRun{}, update: map[string]func(asl.MapRunUpdate){}}
	key := b.Execution.Key()
	s.mu.Lock()
	if s.closed { // meanwhile
		cancel(&engine.Stopped{Cause: "the server was ending"})
	}
	s.running[key] = r
	s.group.Add(1)
	s.mu.Unlock()
	go func() {
		defer s.group.Done()
		defer cancel(nil)
		select {
		case s.places <- struct{}{}:
			defer func() { <-s.places }()
		case <-ctx.Done():
		}
		outcome, err := b.Run(ctx, s.observing(r))
		s.mu.Lock()
		delete(s.running, key)
		s.mu.Unlock()
		close(r.done)
		outcome.Run = b.Execution.Name
		s.ended(outcome, err)
	}()
}

// observing keeps how the Map Runs of an execution stand.
func (s *Service) observing(r *running) func(asl.Event) {
	return func(e asl.Event) {
		if e.MapRun == nil {
			return
		}
		r.mu.Lock()
		_, known := r.mapRuns[e.MapRunARN]
		r.mapRuns[e.MapRunARN] = *e.MapRun
		if e.Update != nil {
			r.update[e.MapRunARN] = e.Update
		}
		r.mu.Unlock()
		if !known {
			s.mu.Lock()
			s.owners[e.MapRunARN] = r.begun.Execution.Key()
			s.mu.Unlock()
		}
	}
}

// settled returns x, or as ABORTED where it is kept as RUNNING and nobody carries it out: its end could not be
// kept, as on a full disk.
func (s *Service) settled(x executions.Execution) (executions.Execution, error) {
	if x.Status != executions.Running || s.at(x.Key()) != nil {
		return x, nil
	}
	s.starting.Lock() // or it is about to be carried out
	defer s.starting.Unlock()
	folder := s.engine.Load().Executions()
	x, err := folder.Read(x.Key())
	if err != nil || x.Status != executions.Running || s.at(x.Key()) != nil {
		return x, err
	}
	if err := folder.Abandon(x); err != nil {
		x.Status, x.Stop, x.Cause = executions.Aborted, time.Now(), "its end could not be kept: "+err.Error()
		return x, nil
	}
	return folder.Read(x.Key())
}

// at returns the execution of that key if it is at work here, else nil.
func (s *Service) at(key string) *running {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[key]
}

func (s *Service) ending() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}
