package asl

import (
	"sync"
	"time"
)

// timeLayout is how the context object and result files write an instant.
const timeLayout = "2006-01-02T15:04:05.000Z"

// mapItem is $$.Map.Item: the element that an iteration of a Map works on.
type mapItem struct {
	index int
	value any
}

// contextObject is what $$ leads to while one state runs (A04). It is made of maps only when a path
// asks for it. Not for concurrent use.
type contextObject struct {
	execution *execution
	state     string
	kind      string // type of the state
	track     *track // where the state stands
	entered   time.Time
	retries   int
	input     any // of the state, after InputPath
	item      *mapItem
	built     map[string]any
}

// forItem returns the context object that the selector of a Map sees for one item.
func (c *contextObject) forItem(item *mapItem) *contextObject {
	copied := *c
	copied.item, copied.built = item, nil
	return &copied
}

// pinned returns the context object as a Map Run found it when it began, so that a redrive makes the
// same batches of the same items.
func (c *contextObject) pinned(o *mapRunOpened) *contextObject {
	copied, e := *c, *c.execution
	e.RedriveCount, e.RedriveTime = o.RedriveCount, o.RedriveTime
	e.fixed = sync.OnceValue(e.fixedContext)
	copied.execution, copied.entered, copied.retries, copied.built = &e, o.Entered, o.Retries, nil
	return &copied
}

// event completes an event of the state.
func (c *contextObject) event(kind Kind, ev Event) Event {
	ev.Kind, ev.State, ev.StateType, ev.Iteration = kind, c.state, c.kind, c.track.at
	return ev
}

func (c *contextObject) object() map[string]any {
	if c.built != nil {
		return c.built
	}
	fixed := c.execution.fixed()
	c.built = map[string]any{
		"Execution":    fixed.execution,
		"StateMachine": fixed.machine,
		"State": map[string]any{
			"Name":        c.state,
			"EnteredTime": c.entered.UTC().Format(timeLayout),
			"RetryCount":  c.retries,
		},
	}
	if c.item != nil {
		c.built["Map"] = map[string]any{"Item": map[string]any{"Index": c.item.index, "Value": c.item.value}}
	}
	return c.built
}

// contextFields are the members of the context object that a path may name, below each its own.
var contextFields = map[string][]string{
	"Execution":    {"Id", "Input", "Name", "RedriveCount", "RedriveTime", "StartTime"},
	"State":        {"EnteredTime", "Name", "RetryCount"},
	"StateMachine": {"Id", "Name"},
	"Map":          {"Item"},
	"Map.Item":     {"Index", "Value"},
}
