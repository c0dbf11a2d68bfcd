package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"mapfleet/scripts/mapfleet/engine/fleet"
	"mapfleet/statemachine/asl"
)

// tasks performs the Task states: Lambda invocations by the fleet.
type tasks struct{ fleet *fleet.Fleet }

// Invoke is asl.Tasks. The result has the members of Lambda's answer that a state machine sees.
// https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
func (t tasks) Invoke(ctx context.Context, resource string, parameters any) (any, error) {
	if resource != "arn:aws:states:::lambda:invoke" {
		return nil, &asl.Error{Name: "States.Runtime", Cause: "no such resource here: " + resource}
	}
	given, _ := parameters.(map[string]any)
	arn, _ := given["FunctionName"].(string)
	name := arn[strings.LastIndexByte(arn, ':')+1:]
	event, err := json.Marshal(given["Payload"])
	if err != nil {
		return nil, &asl.Error{Name: "States.Runtime", Cause: err.Error()}
	}
	answer, err := t.fleet.Invoke(ctx, name, event)
	if failed, ok := errors.AsType[*fleet.Error](err); ok {
		return nil, &asl.Error{Name: failed.Type, Cause: failed.Cause}
	}
	if err != nil {
		return nil, err
	}
	var payload any
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber() // as the interpreter does
	if err := decoder.Decode(&payload); err != nil {
		return nil, &asl.Error{Name: "Lambda.Unknown", Cause: fmt.Sprintf("function %s answered no JSON: %v", name, err)}
	}
	return map[string]any{"ExecutedVersion": "$LATEST", "StatusCode": json.Number("200"), "Payload": payload}, nil
}

// itemCount adds up the items of all Map Runs while it passes events on.
type itemCount struct {
	next func(asl.Event)
	mu   sync.Mutex
	runs map[string]int64
}

func newItemCount(next func(asl.Event)) *itemCount {
	if next == nil {
		next = func(asl.Event) {}
	}
	return &itemCount{next: next, runs: map[string]int64{}}
}

func (c *itemCount) observe(e asl.Event) {
	if e.Kind == asl.MapRunFinished && e.MapRun != nil {
		c.mu.Lock()
		c.runs[e.MapRunARN] = e.MapRun.Items.Total
		c.mu.Unlock()
	}
	c.next(e)
}

func (c *itemCount) total() (n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, items := range c.runs {
		n += items
	}
	return n
}
