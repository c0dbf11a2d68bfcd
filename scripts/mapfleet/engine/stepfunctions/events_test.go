package stepfunctions

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

const invoke = "arn:aws:states:::lambda:invoke"

// TestEvents_of_Tasks in the words of the protocol: those that no run of the resize machine has, and one of a
// history that was kept when a failure was told by its retry alone.
func TestEvents_of_Tasks(t *testing.T) {
	for _, test := range []struct {
		event executions.Event
		want  string
	}{
		{executions.Event{Kind: asl.TaskTimedOut, Resource: invoke, Error: "States.Timeout", Cause: "late"},
			`{"type":"TaskTimedOut","taskTimedOutEventDetails":{"cause":"late","error":"States.Timeout","resource":"invoke","resourceType":"lambda"}}`},
		{executions.Event{Kind: asl.TaskScheduled, Resource: "arn:aws:states:::sns:publish", Input: json.RawMessage(`{ "TopicArn": "t" }`)},
			`{"type":"TaskScheduled","taskScheduledEventDetails":{"parameters":"{\"TopicArn\":\"t\"}","region":"us-east-1","resource":"publish","resourceType":"sns"}}`},
		{executions.Event{Kind: asl.TaskRetried, StateType: "Task", Error: "Throttled"},
			`{"type":"TaskFailed","taskFailedEventDetails":{"error":"Throttled","resource":"invoke","resourceType":"lambda"}}`},
		{executions.Event{Kind: asl.MapFailed, StateType: "Map", Error: "E"}, `{"type":"MapStateFailed"}`},
		{executions.Event{Kind: asl.StateAborted, StateType: "Wait"}, `{"type":"WaitStateAborted"}`},
		{executions.Event{Kind: asl.StateEntered, StateType: "Pass", State: "P", Input: json.RawMessage(`1`)},
			`{"type":"PassStateEntered","stateEnteredEventDetails":{"input":"1","inputDetails":{"truncated":false},"name":"P"}}`},
		{executions.Event{Kind: asl.StateEntered, StateType: "Fail", State: "F"}, `{"type":"FailStateEntered","stateEnteredEventDetails":{"name":"F"}}`},
		{executions.Event{Kind: asl.ExecutionTimedOut, Error: "States.Timeout"}, `{"type":"ExecutionTimedOut","executionTimedOutEventDetails":{"error":"States.Timeout"}}`},
		{executions.Event{Kind: asl.MapRunFinished, MapRunStatus: executions.Failed, Error: "E", Cause: "c"}, `{"type":"MapRunFailed","mapRunFailedEventDetails":{"cause":"c","error":"E"}}`},
	} {
		told := (&translator{data: true, region: "us-east-1", last: map[string]int{}}).event(test.event, 0)
		for _, member := range []string{"id", "previousEventId", "timestamp"} {
			delete(told, member)
		}
		var got, want any
		data, err := json.Marshal(told)
		if err != nil || json.Unmarshal(data, &got) != nil || json.Unmarshal([]byte(test.want), &want) != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.event.Kind, diff)
		}
	}
}

// TestEvents_previous: iterations that run side by side each have a line of their own, and the Map goes on
// behind the one that ended last.
func TestEvents_previous(t *testing.T) {
	m := func(kind asl.Kind, at ...int) executions.Event {
		return executions.Event{Kind: kind, StateType: "Map", Iteration: at}
	}
	task := func(kind asl.Kind, at ...int) executions.Event {
		return executions.Event{Kind: kind, StateType: "Task", Iteration: at}
	}
	translate := translator{last: map[string]int{}}
	for i, step := range []struct {
		event executions.Event
		want  int
	}{
		{m(asl.StateEntered), 0}, {m(asl.MapStarted), 1}, // 1, 2
		{m(asl.IterationStarted, 0), 2}, {m(asl.IterationStarted, 1), 2}, // 3, 4
		{task(asl.StateEntered, 0), 3}, {task(asl.StateEntered, 1), 4}, // 5, 6
		{task(asl.TaskScheduled, 1), 6}, {task(asl.TaskScheduled, 0), 5}, // 7, 8
		{task(asl.StateAborted, 1), 7}, {m(asl.IterationAborted, 1), 9}, // 9, 10
		{m(asl.IterationFailed, 0), 8}, {m(asl.MapFailed), 11}, // 11, 12
		{m(asl.StateExited), 12}, {task(asl.StateEntered), 13}, // 13, 14: it was caught
	} {
		step.event.ID = i + 1
		if got := translate.previous(step.event); got != step.want {
			t.Errorf("event %d, %s %v, comes after %d, want %d", i+1, step.event.Kind, step.event.Iteration, got, step.want)
		}
	}
}
