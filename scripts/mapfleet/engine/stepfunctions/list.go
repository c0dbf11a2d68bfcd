package stepfunctions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mapfleet/scripts/mapfleet/engine/executions"
)

type listExecutionsInput struct {
	StateMachine string `json:"stateMachineArn"`
	MapRun       string `json:"mapRunArn"`
	Status       string `json:"statusFilter"`
	Redrive      string `json:"redriveFilter"`
	MaxResults   int    `json:"maxResults"`
	NextToken    string `json:"nextToken"`
}

type executionListed struct {
	Execution    string  `json:"executionArn"`
	StateMachine string  `json:"stateMachineArn"`
	Name         string  `json:"name"`
	Status       string  `json:"status"`
	Start        seconds `json:"startDate"`
	Stop         seconds `json:"stopDate,omitzero"`
	RedriveCount int     `json:"redriveCount"`
	RedriveDate  seconds `json:"redriveDate,omitzero"`
}

// listExecutions lists those that started last first. Executions that start meanwhile are on no later page.
func (s *Service) listExecutions(_ context.Context, in listExecutionsInput) (any, error) {
	size, err := pageSize(in.MaxResults)
	if err != nil {
		return nil, err
	}
	if err := in.valid(); err != nil {
		return nil, err
	}
	if in.MapRun != "" {
		if _, err := s.mapRun(in.MapRun); err != nil {
			return nil, err
		}
		// A82 of package asl.
		return nil, refuse("StateMachineTypeNotSupported", "the child executions of %s are EXPRESS: they are not listed, their results are in the work bucket", in.MapRun)
	}
	machine, err := s.machine(in.StateMachine)
	if err != nil {
		return nil, err
	}
	of := strings.Join([]string{"executions", in.StateMachine, in.Status, in.Redrive}, "\x00")
	behind, err := placeIn(in.NextToken, of)
	if err != nil {
		return nil, err
	}
	all, err := s.engine.Load().Executions().All()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b executions.Execution) int { return strings.Compare(place(b), place(a)) })
	list, next, end := []executionListed{}, "", ""
	for _, x := range all {
		if x, err = s.settled(x); err != nil {
			return nil, err
		}
		if x.StateMachine != machine.ARN || !in.wants(x) || behind != "" && place(x) >= behind {
			continue
		}
		if len(list) == size {
			next = token(of, end)
			break
		}
		end = place(x)
		list = append(list, executionListed{
			x.ARN, x.StateMachine, x.Name, x.Status, seconds(x.Start), seconds(x.Stop), x.RedriveCount, seconds(x.RedriveDate),
		})
	}
	answer := map[string]any{"executions": list}
	if next != "" {
		answer["nextToken"] = next
	}
	return answer, nil
}

func (in listExecutionsInput) valid() error {
	statuses := []string{"", executions.Running, executions.Succeeded, executions.Failed, executions.TimedOut, executions.Aborted, "PENDING_REDRIVE"}
	switch {
	case !slices.Contains(statuses, in.Status):
		return invalid("Value '%s' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [%s]", in.Status, strings.Join(statuses[1:], ", "))
	case in.Redrive != "" && in.Redrive != "REDRIVEN" && in.Redrive != "NOT_REDRIVEN":
		return invalid("Value '%s' at 'redriveFilter' failed to satisfy constraint: Member must satisfy enum value set: [REDRIVEN, NOT_REDRIVEN]", in.Redrive)
	case (in.StateMachine == "") == (in.MapRun == ""):
		return refuse("ValidationException", "Must provide exactly one of stateMachineArn and mapRunArn")
	}
	return nil
}

func (in listExecutionsInput) wants(x executions.Execution) bool {
	return (in.Status == "" || x.Status == in.Status) && (in.Redrive == "" || (in.Redrive == "REDRIVEN") == (x.RedriveCount > 0))
}

// place orders executions by their start.
func place(x executions.Execution) string { return fmt.Sprintf("%020d %s", x.Start.UnixNano(), x.Name) }
