package stepfunctions

import (
	"context"
	"errors"
	"time"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
)

type stopInput struct {
	Execution string `json:"executionArn"`
	Error     string `json:"error"`
	Cause     string `json:"cause"`
}

// stopTime is how long a StopExecution waits for the execution to be ABORTED: it ends soon, but what its
// Map Runs have done is written first.
const stopTime = 20 * time.Second

// stopExecution of one that has ended changes nothing, and tells when it did (A81 of package asl).
func (s *Service) stopExecution(ctx context.Context, in stopInput) (any, error) {
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	if x.Status == executions.Running {
		if r := s.at(x.Key()); r != nil {
			r.cancel(&engine.Stopped{Name: in.Error, Cause: in.Cause})
			select {
			case <-r.begun.Ended:
			case <-ctx.Done():
			case <-time.After(stopTime):
			}
		}
		if x, err = s.execution(in.Execution); err != nil {
			return nil, err
		}
	}
	if x.Stop.IsZero() {
		x.Stop = time.Now()
	}
	return map[string]any{"stopDate": seconds(x.Stop)}, nil
}

type redriveInput struct {
	Execution string `json:"executionArn"`
	Token     string `json:"clientToken"`
}

// redriveExecution gives the same answer again for the same clientToken while that redrive is RUNNING.
func (s *Service) redriveExecution(ctx context.Context, in redriveInput) (any, error) {
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	if r := s.at(x.Key()); r != nil {
		if x.Status == executions.Running && in.Token != "" && r.token == in.Token {
			return map[string]any{"redriveDate": seconds(r.begun.Execution.RedriveDate)}, nil
		}
		if x.Status != executions.Running { // its report is still being made
			select {
			case <-r.done:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
	s.starting.Lock()
	defer s.starting.Unlock()
	if s.ending() {
		return nil, unavailable("the server is ending")
	}
	begun, err := s.engine.Load().BeginRedrive(x.Key())
	if no, ok := errors.AsType[engine.NotRedrivable](err); ok {
		return nil, refuse("ExecutionNotRedrivable", "The execution cannot be redriven: %s", no.Reason)
	}
	if err != nil {
		return nil, err
	}
	s.carryOut(begun, in.Token)
	return map[string]any{"redriveDate": seconds(begun.Execution.RedriveDate)}, nil
}
