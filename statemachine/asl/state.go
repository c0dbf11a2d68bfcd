package asl

import (
	"context"
	"time"
)

// graph is the states of a machine or of an ItemProcessor.
type graph struct {
	startAt string
	states  map[string]*state
}

// state is what all types of states have in common; what differs is in do.
type state struct {
	name, kind    string
	input, output selector
	parameters    expression // nil: the input as it is
	results       expression // ResultSelector; nil: the result as it is
	result        selector
	next          string // "": the state is terminal
	retry         []retrier
	catch         []catcher
	do            action
	edges         []edge
}

// edge is a transition that a definition names, and where.
type edge struct{ target, place string }

// action is the work of one type of state. It returns the state's result and, if the state chooses
// it, the next state.
type action interface {
	run(ctx context.Context, c *contextObject, input any) (result any, next string, err error)
}

// selector is InputPath, OutputPath or ResultPath; its zero value means the whole.
type selector struct {
	path *path
	none bool // null
}

func (s selector) of(v any, c *contextObject, field string) (any, error) {
	switch {
	case s.none:
		return map[string]any{}, nil
	case s.path == nil:
		return v, nil
	}
	return s.path.find(v, c, field)
}

// run goes from state to state until one is terminal, beginning where t stands. item is what the
// surrounding inline Map works on.
func (g *graph) run(ctx context.Context, e *execution, t *track, item *mapItem, input any) (any, error) {
	if t.done {
		return t.output, nil
	}
	name, input, err := t.start(g, input)
	for err == nil {
		var output any
		var next string
		output, next, err = g.states[name].visit(ctx, e, t, item, input)
		switch {
		case err != nil && ctx.Err() == nil:
			if e := t.fail(err); e != nil {
				err = e
			}
		case err == nil && next == "":
			return output, t.finish(output)
		case err == nil:
			input, name = output, next
			err = t.move(name, input)
		}
	}
	return nil, err
}

// visit runs a state until it succeeds, is caught, or fails for good.
func (s *state) visit(ctx context.Context, e *execution, t *track, item *mapItem, input any) (output any, next string, err error) {
	if ctx.Err() != nil {
		return nil, "", stopped(ctx)
	}
	c := &contextObject{execution: e, state: s.name, kind: s.kind, track: t, entered: time.Now(), item: item}
	e.tell(c.event(StateEntered, Event{Input: input}))
	defer func() {
		if err != nil && ctx.Err() != nil && s.takesTime() {
			e.tell(c.event(StateAborted, Event{}))
		}
	}()
	retried := make([]int, len(s.retry))
	for {
		output, next, err = s.attempt(ctx, c, input)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return nil, "", stopped(ctx)
		}
		failed := asError(err, errorRuntime)
		if delay, again := s.retryDelay(failed.Name, retried); again {
			c.retries++
			c.built = nil
			e.tell(c.event(TaskRetried, Event{Error: failed.Name, Cause: failed.Cause, Attempt: c.retries}))
			if e.Sleep(ctx, delay); ctx.Err() != nil {
				return nil, "", stopped(ctx)
			}
			continue
		}
		if output, next, err = s.caught(failed, input); err != nil {
			return nil, "", err
		}
		e.tell(c.event(ErrorCaught, Event{Error: failed.Name, Cause: failed.Cause}))
		break
	}
	e.tell(c.event(StateExited, Event{Output: output}))
	return output, next, nil
}

// takesTime says whether the state is of a type that can be aborted.
func (s *state) takesTime() bool { return s.kind == "Task" || s.kind == "Map" || s.kind == "Wait" }

// attempt runs a state once, from its raw input to its output (A08).
func (s *state) attempt(ctx context.Context, c *contextObject, raw any) (any, string, error) {
	effective, err := s.input.of(raw, c, "InputPath")
	if err != nil {
		return nil, "", err
	}
	c.input = effective
	if s.parameters != nil {
		if effective, err = s.parameters.evaluate(effective, c); err != nil {
			return nil, "", err
		}
		if err := within(effective, "input", s.name); err != nil {
			return nil, "", err
		}
	}
	result, next, err := s.do.run(ctx, c, effective)
	if err != nil {
		return nil, "", err
	}
	if next == "" {
		next = s.next
	}
	output, err := s.outputFrom(raw, result, c)
	return output, next, err
}

func (s *state) outputFrom(raw, result any, c *contextObject) (output any, err error) {
	if s.results != nil {
		if result, err = s.results.evaluate(result, c); err != nil {
			return nil, err
		}
	}
	switch {
	case s.result.none:
		output = raw
	case s.result.path == nil:
		output = result
	default:
		if output, err = s.result.path.set(raw, result); err != nil {
			return nil, err
		}
	}
	if output, err = s.output.of(output, c, "OutputPath"); err != nil {
		return nil, err
	}
	return output, within(output, "output", s.name)
}
