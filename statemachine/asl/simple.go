package asl

import (
	"context"
	"strings"
	"time"
)

// pass hands on its input, or a fixed result; a Succeed state is a pass that is terminal.
type pass struct {
	result any
	fixed  bool
}

func (p pass) run(_ context.Context, _ *contextObject, input any) (any, string, error) {
	if p.fixed {
		return p.result, "", nil
	}
	return input, "", nil
}

func (p *parser) pass(f *fields) action {
	return pass{result: f.values["Result"], fixed: f.has("Result")}
}

// wait sleeps for a time or until an instant.
type wait struct {
	seconds       amount
	timestamp     time.Time
	timestampPath *path
}

func (w *wait) run(ctx context.Context, c *contextObject, input any) (any, string, error) {
	d, err := w.duration(c, input)
	if err != nil {
		return nil, "", err
	}
	if d > 0 {
		err = c.execution.Sleep(ctx, d)
	}
	return input, "", err
}

func (w *wait) duration(c *contextObject, input any) (time.Duration, error) {
	if w.seconds.given {
		seconds, err := w.seconds.in(input, c, 0)
		return time.Duration(seconds) * time.Second, err
	}
	until := w.timestamp
	if w.timestampPath != nil {
		v, err := w.timestampPath.find(input, c, "TimestampPath")
		if err != nil {
			return 0, err
		}
		var ok bool
		if until, ok = instant(v); !ok {
			return 0, failure(errorRuntime, "TimestampPath: %s is not a timestamp", w.timestampPath.text)
		}
	}
	return time.Until(until), nil
}

func (p *parser) wait(f *fields) action {
	f.exclusive(true, "Seconds", "SecondsPath", "Timestamp", "TimestampPath")
	w := &wait{seconds: f.amountAlone("Seconds", 0, maxSeconds, true), timestampPath: f.path("TimestampPath")}
	if f.has("Timestamp") {
		var ok bool
		if w.timestamp, ok = instant(f.values["Timestamp"]); !ok {
			p.problem(f.at("Timestamp"), "is not a timestamp such as 2026-01-31T12:00:00Z")
		}
	}
	return w
}

// instant reads a timestamp of RFC 3339 with an upper-case T and Z.
func instant(v any) (time.Time, bool) {
	text, ok := v.(string)
	if !ok || strings.ContainsAny(text, "tz") {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}

// fail ends the execution with an error.
type fail struct{ name, cause expression }

func (f fail) run(_ context.Context, c *contextObject, input any) (any, string, error) {
	name, err := text(f.name, input, c, "ErrorPath")
	if err != nil {
		return nil, "", err
	}
	cause, err := text(f.cause, input, c, "CausePath")
	if err != nil {
		return nil, "", err
	}
	return nil, "", &Error{Name: name, Cause: cause}
}

func text(e expression, input any, c *contextObject, field string) (string, error) {
	v, err := e.evaluate(input, c)
	if err != nil {
		return "", err
	}
	s, ok := v.(string)
	if !ok {
		return "", failure(errorRuntime, "%s is not a string", field)
	}
	return s, nil
}

func (p *parser) fail(f *fields) action {
	return fail{name: f.textOrPath("Error"), cause: f.textOrPath("Cause")}
}

// textOrPath reads the pair name and namePath, of which the second may be an intrinsic function (A16).
func (f *fields) textOrPath(name string) expression {
	f.exclusive(false, name, name+"Path")
	if f.has(name + "Path") {
		return f.p.expressionField(f.values[name+"Path"], f.at(name+"Path"))
	}
	text, _ := f.text(name)
	return constant{text}
}
