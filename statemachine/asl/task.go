package asl

import (
	"context"
	"errors"
	"time"
)

// task calls a service integration.
type task struct {
	resource string
	timeout  amount
}

// taskParameters are the service integrations that mapfleet uses, with the parameters of each; the
// first is required (A15).
var taskParameters = map[string][]string{
	"arn:aws:states:::lambda:invoke": {"FunctionName", "ClientContext", "InvocationType", "LogType", "Payload", "Qualifier"},
	"arn:aws:states:::sns:publish":   {"TopicArn", "Message", "MessageAttributes", "MessageStructure", "Subject"},
}

func (t *task) run(ctx context.Context, c *contextObject, input any) (any, string, error) {
	e := c.execution
	if e.Tasks == nil {
		return nil, "", failure(errorRuntime, "state %q: the execution has no Tasks", c.state)
	}
	seconds, err := t.timeout.in(c.input, c, 0)
	if err != nil {
		return nil, "", err
	}
	limited := ctx
	if t.timeout.given {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
		defer cancel()
	}
	e.tell(c.event(TaskScheduled, Event{Resource: t.resource, Input: input, Timeout: time.Duration(seconds) * time.Second}))
	e.tell(c.event(TaskStarted, Event{Resource: t.resource}))
	result, err := t.invoke(limited, e.Tasks, c.state, input)
	switch {
	case err == nil:
		e.tell(c.event(TaskSucceeded, Event{Resource: t.resource, Output: result}))
		return result, "", nil
	case ctx.Err() != nil: // the state is aborted, and says so
		return nil, "", err
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		failed := failure(errorTimeout, "state %q reached its TimeoutSeconds of %v", c.state, seconds)
		e.tell(c.event(TaskTimedOut, Event{Resource: t.resource, Error: failed.Name, Cause: failed.Cause}))
		return nil, "", failed
	}
	failed := asError(err, errorTaskFailed)
	e.tell(c.event(TaskFailed, Event{Resource: t.resource, Error: failed.Name, Cause: failed.Cause}))
	return nil, "", failed
}

// invoke calls the resource and returns its answer as the interpreter's values.
func (t *task) invoke(ctx context.Context, tasks Tasks, state string, input any) (any, error) {
	result, err := tasks.Invoke(ctx, t.resource, input)
	if err != nil {
		return nil, err
	}
	if result, err = plain(result); err != nil {
		return nil, failure(errorRuntime, "state %q: the result is not JSON: %v", state, err)
	}
	return result, within(result, "result", state)
}

func (p *parser) task(f *fields) action {
	t := &task{resource: f.required("Resource"), timeout: f.amount("TimeoutSeconds", 1, maxSeconds, true)}
	allowed, known := taskParameters[t.resource]
	if !known {
		if t.resource != "" {
			p.problem(f.at("Resource"), "resource %q is not supported", t.resource)
		}
		return t
	}
	if parameters, ok := f.object("Parameters"); ok {
		parameters.allowTemplate(allowed, allowed[:1])
	}
	return t
}

// allowTemplate is allow for a payload template, where a name may end in .$; required must be there.
func (f *fields) allowTemplate(allowed, required []string) {
	names := make([]string, 0, 2*len(allowed))
	for _, name := range allowed {
		names = append(names, name)
		if f.has(name + ".$") {
			names = append(names, name+".$")
		}
	}
	f.allow(names...)
	for _, name := range required {
		if !f.has(name) && !f.has(name+".$") {
			f.p.problem(f.at(name), "is missing")
		}
	}
}
