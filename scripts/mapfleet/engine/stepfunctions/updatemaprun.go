package stepfunctions

import (
	"context"

	"mapfleet/statemachine/asl"
)

type updateMapRunInput struct {
	MapRun         string   `json:"mapRunArn"`
	MaxConcurrency *int     `json:"maxConcurrency"`
	Percentage     *float64 `json:"toleratedFailurePercentage"`
	Count          *int64   `json:"toleratedFailureCount"`
}

// updateMapRun changes a Map Run that runs. Of one that has ended nothing can change (A85 of package asl).
func (s *Service) updateMapRun(_ context.Context, in updateMapRunInput) (any, error) {
	switch {
	case in.MaxConcurrency != nil && *in.MaxConcurrency < 0:
		return nil, invalid("Value '%d' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 0", *in.MaxConcurrency)
	case in.Count != nil && *in.Count < 0:
		return nil, invalid("Value '%d' at 'toleratedFailureCount' failed to satisfy constraint: Member must have value greater than or equal to 0", *in.Count)
	case in.Percentage != nil && !(*in.Percentage >= 0 && *in.Percentage <= 100):
		return nil, invalid("Value '%v' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value between 0 and 100", *in.Percentage)
	}
	run, err := s.mapRun(in.MapRun)
	if err != nil {
		return nil, err
	}
	key, err := s.owner(run.ARN)
	if err != nil {
		return nil, err
	}
	var update func(asl.MapRunUpdate)
	if r := s.at(key); r != nil && run.Stop.IsZero() {
		r.mu.Lock()
		update = r.update[run.ARN]
		r.mu.Unlock()
	}
	if update == nil {
		return nil, invalid("Map Run '%s' has ended: only a running one can be updated", run.ARN)
	}
	update(asl.MapRunUpdate{MaxConcurrency: in.MaxConcurrency, ToleratedFailureCount: in.Count, ToleratedFailurePercentage: in.Percentage})
	return map[string]any{}, nil
}
