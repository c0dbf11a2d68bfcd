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
	seconds, err := t.timeout.in(c.input, c, maxSeconds)
	if err != nil {
		return nil, "", err
	}
	limited := ctx
	if t.timeout.given {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, time.Duration(seconds)*time.Second)
		defer cancel()
	}
	result, err := e.Tasks.Invoke(limited, t.resource, input)
	switch {
	case err != nil && ctx.Err() == nil && errors.Is(limited.Err(), context.DeadlineExceeded):
		return nil, "", failure(errorTimeout, "state %q reached its TimeoutSeconds of %v", c.state, seconds)
	case err != nil:
		return nil, "", asError(err, errorTaskFailed)
	}
	if result, err = plain(result); err != nil {
		return nil, "", failure(errorRuntime, "state %q: the result is not JSON: %v", c.state, err)
	}
	return result, "", within(result, "result", c.state)
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
