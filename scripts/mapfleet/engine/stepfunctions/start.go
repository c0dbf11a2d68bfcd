package stepfunctions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
)

const maxInput = 262_144 // bytes (A05 of package asl)

type startInput struct {
	StateMachine string  `json:"stateMachineArn"`
	Name         *string `json:"name"`
	Input        *string `json:"input"`
}

type started struct {
	Execution string  `json:"executionArn"`
	Start     seconds `json:"startDate"`
}

// startExecution gives the same answer again for the same name and input while that execution is RUNNING,
// and ExecutionAlreadyExists else (A80 of package asl). Here a name is taken for ever.
func (s *Service) startExecution(_ context.Context, in startInput) (any, error) {
	machine, err := s.machine(in.StateMachine)
	if err != nil {
		return nil, err
	}
	name, err := nameOf(in.Name)
	if err != nil {
		return nil, err
	}
	input, err := inputOf(in.Input)
	if err != nil {
		return nil, err
	}
	s.starting.Lock()
	defer s.starting.Unlock()
	if s.ending() {
		return nil, unavailable("the server is ending")
	}
	begun, err := s.engine.Load().Begin(machine.Job, name, input)
	if errors.Is(err, engine.ErrExists) {
		return s.again(machine, name, input)
	}
	if err != nil {
		return nil, err
	}
	s.carryOut(begun, "")
	return started{begun.Execution.ARN, seconds(begun.Execution.Start)}, nil
}

// again answers the start of an execution that exists.
func (s *Service) again(machine engine.Machine, name string, input json.RawMessage) (any, error) {
	x, err := s.engine.Load().Find(machine.Execution(name))
	if err != nil {
		return nil, err
	}
	if x.Status != executions.Running || !bytes.Equal(compact(x.Input), compact(input)) {
		return nil, refuse("ExecutionAlreadyExists", "Execution Already Exists: '%s'", x.ARN)
	}
	return started{x.ARN, seconds(x.Start)}, nil
}

func inputOf(given *string) (json.RawMessage, error) {
	if given == nil {
		return json.RawMessage(`{}`), nil
	}
	switch {
	case len(*given) > maxInput:
		return nil, refuse("InvalidExecutionInput", "Invalid State Machine Execution Input: it has %d bytes, %d are allowed", len(*given), maxInput)
	case !json.Valid([]byte(*given)):
		return nil, refuse("InvalidExecutionInput", "Invalid State Machine Execution Input: it is not JSON")
	}
	return json.RawMessage(*given), nil
}

// compact takes out the white space that keeping an input has put in.
func compact(data []byte) []byte {
	var b bytes.Buffer
	if err := json.Compact(&b, data); err != nil {
		return data
	}
	return b.Bytes()
}
