package stepfunctions

import (
	"context"
	"errors"
	"strings"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/statemachine/asl"
)

// roleARN is that of a role which nobody here needs: AWS always names one.
const roleARN = "arn:aws:iam::000000000000:role/mapfleet-local"

type listStateMachinesInput struct {
	MaxResults int    `json:"maxResults"`
	NextToken  string `json:"nextToken"`
}

type machineListed struct {
	ARN     string  `json:"stateMachineArn"`
	Name    string  `json:"name"`
	Type    string  `json:"type"`
	Created seconds `json:"creationDate"`
}

// listStateMachines lists them in one page: they are few.
func (s *Service) listStateMachines(_ context.Context, in listStateMachinesInput) (any, error) {
	if _, err := pageSize(in.MaxResults); err != nil {
		return nil, err
	}
	if in.NextToken != "" {
		return nil, refuse("InvalidToken", "Invalid Token: '%s'", in.NextToken)
	}
	e := s.engine.Load()
	list := []machineListed{}
	for _, m := range e.Machines() {
		list = append(list, machineListed{m.ARN, m.Name, "STANDARD", seconds(e.since)})
	}
	return map[string]any{"stateMachines": list}, nil
}

type machineInput struct {
	StateMachine string `json:"stateMachineArn"`
}

func (s *Service) describeStateMachine(_ context.Context, in machineInput) (any, error) {
	m, err := s.machine(in.StateMachine)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"stateMachineArn": m.ARN, "name": m.Name, "status": "ACTIVE", "definition": m.Definition, "roleArn": roleARN,
		"type": "STANDARD", "creationDate": seconds(s.engine.Load().since),
		"loggingConfiguration": map[string]any{"level": "OFF", "includeExecutionData": false},
		"tracingConfiguration": map[string]any{"enabled": false},
	}, nil
}

// machine finds a state machine by its ARN.
func (s *Service) machine(arn string) (engine.Machine, error) {
	if _, err := arnOf("stateMachineArn", arn, "stateMachine"); err != nil {
		return engine.Machine{}, err
	}
	for _, m := range s.engine.Load().Machines() {
		if m.ARN == arn {
			return m, nil
		}
	}
	return engine.Machine{}, refuse("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn)
}

func (s *Service) describeStateMachineForExecution(_ context.Context, in executionInput) (any, error) {
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	definition, err := s.engine.Load().Executions().Definition(x.Key())
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"stateMachineArn": x.StateMachine, "name": x.StateMachine[strings.LastIndexByte(x.StateMachine, ':')+1:],
		"definition": definition, "roleArn": roleARN, "updateDate": seconds(x.Start),
		"loggingConfiguration": map[string]any{"level": "OFF", "includeExecutionData": false},
		"tracingConfiguration": map[string]any{"enabled": false},
	}, nil
}

type validateInput struct {
	Definition string `json:"definition"`
}

type diagnostic struct {
	Severity string `json:"severity"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Location string `json:"location,omitzero"`
}

// validateStateMachineDefinition judges by what the local engine can run, which is less than AWS can.
func (s *Service) validateStateMachineDefinition(_ context.Context, in validateInput) (any, error) {
	if err := needed("definition", in.Definition); err != nil {
		return nil, err
	}
	found := []diagnostic{}
	if _, err := asl.Parse([]byte(in.Definition)); err != nil {
		problems := []error{err}
		if joined, ok := errors.AsType[interface {
			error
			Unwrap() []error
		}](err); ok {
			problems = joined.Unwrap()
		}
		for _, p := range problems {
			place, message, _ := strings.Cut(p.Error(), ": ")
			found = append(found, diagnostic{"ERROR", "SCHEMA_VALIDATION_FAILED", message, "/" + strings.ReplaceAll(place, ".", "/")})
		}
	}
	result := "OK"
	if len(found) > 0 {
		result = "FAIL"
	}
	return map[string]any{"result": result, "diagnostics": found, "truncated": false}, nil
}
