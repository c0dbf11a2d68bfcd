package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// Begun is an execution that is kept as RUNNING. Its Run must be called, or it stays so until the next Start.
type Begun struct {
	Execution executions.Execution // as it began
	// Ended is closed when what became of the execution is kept; its report may come later.
	Ended <-chan struct{}

	engine *Engine
	job    Job
	run    func(context.Context, asl.Execution) (any, error)
	close  func()
}

// Stopped is the cause of a context that ends an execution because somebody wants it to end.
type Stopped struct{ Name, Cause string } // of the ABORTED execution; may be empty

func (s *Stopped) Error() string { return "stopped: " + s.Name + ": " + s.Cause }

// ErrExists says that there is an execution of that name.
var ErrExists = errors.New("there is an execution of that name already")

// Begin makes a new execution of a job that the engine has. The error wraps ErrExists where the job has one of its
// name already: as on AWS each state machine has names of its own.
func (e *Engine) Begin(j Job, name string, input json.RawMessage) (*Begun, error) {
	x := executions.Execution{
		ARN: j.executionARN(name), StateMachine: j.machineARN(), Name: name, Kept: j.kept(name),
		Status: executions.Running, Start: time.Now(), Input: input, Source: e.config.Source, Destination: e.config.Destination,
	}
	err := e.executions.Create(x, e.machines[j].definition)
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("begin %s: %w", name, ErrExists)
	}
	if err != nil {
		return nil, err
	}
	return e.begun(j, x, e.machines[j].parsed.Run), nil
}

func (e *Engine) begun(j Job, x executions.Execution, run func(context.Context, asl.Execution) (any, error)) *Begun {
	ended := make(chan struct{})
	return &Begun{Execution: x, Ended: ended, engine: e, job: j, run: run, close: sync.OnceFunc(func() { close(ended) })}
}
