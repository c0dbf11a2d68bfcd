package stepfunctions

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
)

type executionInput struct {
	Execution    string `json:"executionArn"`
	IncludedData string `json:"includedData"`
}

type described struct {
	Execution     string    `json:"executionArn"`
	StateMachine  string    `json:"stateMachineArn"`
	Name          string    `json:"name"`
	Status        string    `json:"status"`
	Start         seconds   `json:"startDate"`
	Stop          seconds   `json:"stopDate,omitzero"`
	Input         *string   `json:"input,omitzero"`
	InputDetails  *included `json:"inputDetails,omitzero"`
	Output        *string   `json:"output,omitzero"`
	OutputDetails *included `json:"outputDetails,omitzero"`
	Error         string    `json:"error,omitzero"`
	Cause         string    `json:"cause,omitzero"`
	RedriveCount  int       `json:"redriveCount"`
	RedriveDate   seconds   `json:"redriveDate,omitzero"`
	RedriveStatus string    `json:"redriveStatus"`
	RedriveReason string    `json:"redriveStatusReason,omitzero"`
}

type included struct {
	Included bool `json:"included"`
}

func (s *Service) describeExecution(_ context.Context, in executionInput) (any, error) {
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	events, err := s.engine.Load().Executions().Events(x.Key())
	if err != nil {
		return nil, err
	}
	d := described{
		Execution: x.ARN, StateMachine: x.StateMachine, Name: x.Name, Status: x.Status,
		Start: seconds(x.Start), Stop: seconds(x.Stop), Error: x.Error, Cause: x.Cause,
		RedriveCount: x.RedriveCount, RedriveDate: seconds(x.RedriveDate), RedriveStatus: "REDRIVABLE",
	}
	if reason := x.NotRedrivable(time.Now(), events); reason != "" {
		d.RedriveStatus, d.RedriveReason = "NOT_REDRIVABLE", reason
	}
	if in.IncludedData == "METADATA_ONLY" {
		return d, nil
	}
	input := string(compact(x.Input))
	d.Input, d.InputDetails = &input, &included{true}
	if x.Status == executions.Succeeded {
		output := string(compact(x.Output))
		d.Output, d.OutputDetails = &output, &included{true}
	}
	return d, nil
}

// execution finds an execution by its ARN.
func (s *Service) execution(arn string) (executions.Execution, error) {
	rest, err := arnOf("executionArn", arn, "execution")
	if err != nil {
		return executions.Execution{}, err
	}
	unknown := refuse("ExecutionDoesNotExist", "Execution Does Not Exist: '%s'", arn)
	name := rest[strings.LastIndexByte(rest, ':')+1:]
	if _, err := nameOf(&name); err != nil {
		return executions.Execution{}, unknown
	}
	x, err := s.engine.Load().Find(arn)
	if errors.Is(err, fs.ErrNotExist) {
		return x, unknown
	}
	if err != nil {
		return x, err
	}
	return s.settled(x)
}
