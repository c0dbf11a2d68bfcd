package executions

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"mapfleet/statemachine/asl"
)

// Event is one step of an execution, of those that GetExecutionHistory tells: of the execution itself,
// its states, the iterations of its inline Maps, and its Map Runs, but not of their children.
type Event struct {
	ID        int       `json:"id"` // 1 for the first
	Time      time.Time `json:"timestamp"`
	Kind      asl.Kind  `json:"kind"`
	State     string    `json:"state,omitzero"`
	StateType string    `json:"stateType,omitzero"`
	Iteration []int     `json:"iteration,omitzero"` // index of the iteration of an inline Map, and of those within it
	Error     string    `json:"error,omitzero"`
	Cause     string    `json:"cause,omitzero"`
	Attempt   int       `json:"attempt,omitzero"` // of TaskRetried, which histories no longer keep

	Resource       string `json:"resource,omitzero"`         // of a Task: its ARN
	TimeoutSeconds int64  `json:"timeoutInSeconds,omitzero"` // of TaskScheduled; 0 is no limit
	Length         int    `json:"length,omitzero"`           // of MapStarted: items

	Input  json.RawMessage `json:"input,omitzero"`
	Output json.RawMessage `json:"output,omitzero"`

	MapRun       string `json:"mapRunArn,omitzero"`
	MapRunStatus string `json:"mapRunStatus,omitzero"`
	RedriveCount int    `json:"redriveCount,omitzero"` // of ExecutionRedriven and MapRunRedriven
}

// History yields the events of an execution in their order. There are at most 25,000, as on AWS, which
// ends an execution that would have more; here it goes on, and the last event is its end.
func (f Folder) History(key string) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for line, err := range readLines(f.file(key, historyFile)) {
			var e Event
			if err == nil {
				err = json.Unmarshal(line, &e)
			}
			if err != nil {
				yield(e, fmt.Errorf("read %s: %w", f.file(key, historyFile), err))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Events returns how many events the history has.
func (f Folder) Events(key string) (int, error) {
	n := 0
	for _, err := range readLines(f.file(key, historyFile)) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// historical says whether an event is one of the history. That a Task or Map is tried again, or its error
// caught, is told by what comes before and after.
func historical(e asl.Event) bool {
	switch e.Kind {
	case asl.TaskRetried, asl.ErrorCaught, asl.MapRunUpdated, asl.ItemsRead, asl.ChildStarted, asl.ChildSucceeded, asl.ChildFailed, asl.ChildTimedOut, asl.ChildAborted:
		return false
	}
	return e.Child == ""
}

func eventOf(id int, e asl.Event) (Event, error) {
	event := Event{
		ID: id, Time: e.Time, Kind: e.Kind, State: e.State, StateType: e.StateType, Iteration: e.Iteration,
		Error: e.Error, Cause: e.Cause, Attempt: e.Attempt, MapRun: e.MapRunARN, RedriveCount: e.RedriveCount,
		Resource: e.Resource, TimeoutSeconds: int64(e.Timeout / time.Second), Length: e.Length,
	}
	if e.MapRun != nil {
		event.MapRunStatus, event.RedriveCount = e.MapRun.Status, e.MapRun.RedriveCount
	}
	var err error
	for _, value := range []struct {
		from any
		to   *json.RawMessage
	}{{e.Input, &event.Input}, {e.Output, &event.Output}} {
		if value.from != nil && err == nil {
			*value.to, err = json.Marshal(value.from)
		}
	}
	return event, err
}
