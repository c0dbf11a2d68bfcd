package stepfunctions

import (
	"encoding/json"
	"fmt"
	"strings"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// event is a HistoryEvent of AWS: id, previousEventId, timestamp, type, and the details of that type.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
type event map[string]any

// translator turns the events of one history into AWS's, in their order.
type translator struct {
	data   bool            // with inputs and outputs
	input  json.RawMessage // of the execution, as it was given
	region string
	last   map[string]int // id of the last event, by iteration
}

// event translates e; before is what previous says of it.
func (t *translator) event(e executions.Event, before int) event {
	kind, member, details := t.details(e)
	out := event{"id": e.ID, "previousEventId": before, "timestamp": seconds(e.Time), "type": kind}
	if member != "" {
		out[member+"EventDetails"] = details
	}
	return out
}

// previous is the event before in the same iteration, or what began it; of a Map that ends, the end of
// its last iteration. It must be asked of every event, in their order.
func (t *translator) previous(e executions.Event) int {
	if ended := fmt.Sprint(e.Iteration, "ended"); endsMap(e) && t.last[ended] > 0 {
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

// endsMap says whether e is what may follow on the iterations of a Map.
func endsMap(e executions.Event) bool {
	switch e.Kind {
	case asl.MapSucceeded, asl.MapFailed, asl.StateAborted, asl.StateExited:
		return e.StateType == "Map"
	}
	return false
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
	case asl.StateAborted:
		return e.StateType + "StateAborted", "", nil
	case asl.TaskScheduled:
		return string(e.Kind), "taskScheduled", t.scheduled(e)
	case asl.TaskStarted:
		return string(e.Kind), "taskStarted", called(e, nil)
	case asl.TaskSucceeded:
		return string(e.Kind), "taskSucceeded", called(e, t.with(nil, "output", e.Output))
	case asl.TaskFailed, asl.TaskTimedOut:
		return string(e.Kind), "t" + string(e.Kind)[1:], called(e, failed)
	case asl.MapStarted:
		return "MapStateStarted", "mapStateStarted", map[string]any{"length": e.Length}
	case asl.MapSucceeded, asl.MapFailed:
		return "MapState" + string(e.Kind)[len("Map"):], "", nil
	case asl.TaskRetried, asl.ErrorCaught: // in histories that were kept before there were others of a Task
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

// scheduled tells what a Task is to call, and how.
func (t *translator) scheduled(e executions.Event) map[string]any {
	details := called(e, map[string]any{"region": t.region, "parameters": ""}) // A90 of package asl
	if t.data {
		details["parameters"] = string(compact(e.Input))
	}
	if e.TimeoutSeconds > 0 {
		details["timeoutInSeconds"] = e.TimeoutSeconds
	}
	return details
}

// called adds the service that a Task calls, and its action: lambda and invoke of
// arn:aws:states:::lambda:invoke.
func called(e executions.Event, details map[string]any) map[string]any {
	if details == nil {
		details = map[string]any{}
	}
	parts := strings.Split(e.Resource, ":")
	details["resource"] = parts[len(parts)-1]
	details["resourceType"] = parts[max(len(parts)-2, 0)]
	return details
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
