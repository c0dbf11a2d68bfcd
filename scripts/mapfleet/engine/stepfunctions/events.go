package stepfunctions

import (
	"encoding/json"
	"fmt"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// event is a HistoryEvent of AWS: id, previousEventId, timestamp, type, and the details of that type.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
type event map[string]any

// translator turns the events of one history into AWS's, in their order.
type translator struct {
	data  bool            // with inputs and outputs
	input json.RawMessage // of the execution, as it was given
	last  map[string]int  // id of the last event, by iteration
}

func (t *translator) event(e executions.Event) event {
	kind, member, details := t.details(e)
	out := event{"id": e.ID, "previousEventId": t.previous(e), "timestamp": seconds(e.Time), "type": kind}
	if member != "" {
		out[member+"EventDetails"] = details
	}
	return out
}

// previous is the event before in the same iteration, or what began it; of a Map that is left, the end of
// its last iteration.
func (t *translator) previous(e executions.Event) int {
	if ended := fmt.Sprint(e.Iteration, "ended"); e.Kind == asl.StateExited && e.StateType == "Map" && t.last[ended] > 0 {
		defer delete(t.last, ended)
		t.last[fmt.Sprint(e.Iteration)] = e.ID
		return t.last[ended]
	}
	before := 0
	for at := e.Iteration; ; at = at[:len(at)-1] {
		if id, ok := t.last[fmt.Sprint(at)]; ok || len(at) == 0 {
			before = id
			break
		}
	}
	t.last[fmt.Sprint(e.Iteration)] = e.ID
	switch e.Kind {
	case asl.IterationSucceeded, asl.IterationFailed, asl.IterationAborted:
		if n := len(e.Iteration); n > 0 {
			t.last[fmt.Sprint(e.Iteration[:n-1], "ended")] = e.ID
		}
	}
	return before
}

func (t *translator) details(e executions.Event) (kind, member string, details map[string]any) {
	failed := given{"error": e.Error, "cause": e.Cause}.present()
	switch e.Kind {
	case asl.ExecutionStarted:
		return string(e.Kind), "executionStarted", t.with(map[string]any{"roleArn": roleARN}, "input", t.input)
	case asl.ExecutionSucceeded:
		return string(e.Kind), "executionSucceeded", t.with(nil, "output", e.Output)
	case asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		return string(e.Kind), "e" + string(e.Kind)[1:], failed
	case asl.ExecutionRedriven:
		return string(e.Kind), "executionRedriven", map[string]any{"redriveCount": e.RedriveCount}
	case asl.StateEntered:
		return e.StateType + "StateEntered", "stateEntered", t.with(map[string]any{"name": e.State}, "input", e.Input)
	case asl.StateExited:
		return e.StateType + "StateExited", "stateExited", t.with(map[string]any{"name": e.State}, "output", e.Output)
	case asl.TaskRetried, asl.ErrorCaught:
		if e.StateType == "Map" {
			return "MapStateFailed", "", nil
		}
		failed["resourceType"], failed["resource"] = "lambda", "invoke"
		return "TaskFailed", "taskFailed", failed
	case asl.IterationStarted, asl.IterationSucceeded, asl.IterationFailed, asl.IterationAborted:
		return "Map" + string(e.Kind), "map" + string(e.Kind), map[string]any{"name": e.State, "index": index(e.Iteration)}
	case asl.MapRunStarted:
		return string(e.Kind), "mapRunStarted", map[string]any{"mapRunArn": e.MapRun}
	case asl.MapRunRedriven:
		return string(e.Kind), "mapRunRedriven", map[string]any{"mapRunArn": e.MapRun, "redriveCount": e.RedriveCount}
	case asl.MapRunFinished:
		switch e.MapRunStatus {
		case executions.Succeeded:
			return "MapRunSucceeded", "", nil
		case executions.Aborted:
			return "MapRunAborted", "", nil
		}
		return "MapRunFailed", "mapRunFailed", failed
	}
	return string(e.Kind), "", nil
}

// with adds an input or output, if they are asked for.
func (t *translator) with(details map[string]any, name string, value json.RawMessage) map[string]any {
	if details == nil {
		details = map[string]any{}
	}
	if t.data && value != nil {
		details[name] = string(compact(value))
		details[name+"Details"] = map[string]bool{"truncated": false}
	}
	return details
}

func index(iteration []int) int {
	if len(iteration) == 0 {
		return 0
	}
	return iteration[len(iteration)-1]
}

// given are members of which empty ones are left out.
type given map[string]string

func (g given) present() map[string]any {
	m := map[string]any{}
	for name, value := range g {
		if value != "" {
			m[name] = value
		}
	}
	return m
}
