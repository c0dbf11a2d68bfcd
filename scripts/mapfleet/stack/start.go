package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/functions/job"
)

// CheckName refuses what a run of either job would end with an error for, once it was started, as its name; and Last,
// by which no run could be found.
func CheckName(name string) error {
	switch {
	case name == Last:
		return fmt.Errorf("given %q, which stands for the run that started last; allowed any other %s", name, job.RunNames)
	case !job.ValidRunName(name):
		return fmt.Errorf("given %q, allowed %s", name, job.RunNames)
	}
	return nil
}

// Start starts a run. Where there is one of that name already, over the same input, it is returned, and fresh
// is false: to start a run twice is to start it once. With another input it is a Fault.
func (s *Stack) Start(ctx context.Context, name string, input json.RawMessage) (run Run, fresh bool, err error) {
	if run, exists, err := s.earlier(ctx, name, input); exists || err != nil {
		return run, false, err
	}
	text := string(input)
	started, err := s.Machines.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &s.StateMachine, Name: &name, Input: &text})
	if _, exists := errors.AsType[*types.ExecutionAlreadyExists](err); exists { // since a moment ago
		if run, exists, err := s.earlier(ctx, name, input); exists || err != nil {
			return run, false, err
		}
	}
	if err != nil {
		return Run{}, false, s.Explain(err)
	}
	return Run{ARN: *started.ExecutionArn, Name: name, Status: Running, Started: *started.StartDate, Input: text}, true, nil
}

// earlier returns the run that has the name already. Who may start runs and not look at them does without.
func (s *Stack) earlier(ctx context.Context, name string, input json.RawMessage) (run Run, exists bool, err error) {
	run, err = describe(ctx, s.Machines, s.ExecutionARN(name))
	if err != nil {
		return Run{}, false, nil
	}
	if !sameJSON(run.Input, string(input)) {
		return run, false, Fault{fmt.Sprintf("there is a run %s already, with the input %s", name, shortened(run.Input)), "choose another --name"}
	}
	return run, true, nil
}

// shortened cuts an input, which may hold a thousand keys, to what a line can show.
func shortened(input string) string {
	const most = 200
	if runes := []rune(input); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return input
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// Stop ends a run: batches that are at work come to their end, and no more are started. error and cause are
// the caller's own words for it, and may be empty.
func (s *Stack) Stop(ctx context.Context, run Run, failure, cause string) error {
	in := &sfn.StopExecutionInput{ExecutionArn: &run.ARN}
	if failure != "" {
		in.Error = &failure
	}
	if cause != "" {
		in.Cause = &cause
	}
	_, err := s.Machines.StopExecution(ctx, in)
	return s.Explain(err)
}

// Redrive lets a run go on where it stopped.
func (s *Stack) Redrive(ctx context.Context, run Run) error {
	_, err := s.Machines.RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: &run.ARN})
	return s.Explain(err)
}
