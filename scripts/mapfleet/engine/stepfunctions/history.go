package stepfunctions

import (
	"context"
	"slices"
	"strconv"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/storage"
)

type historyInput struct {
	Execution   string `json:"executionArn"`
	MaxResults  int    `json:"maxResults"`
	Reverse     bool   `json:"reverseOrder"`
	NextToken   string `json:"nextToken"`
	IncludeData *bool  `json:"includeExecutionData"` // absent: true
}

// getExecutionHistory tells of the execution itself, as on AWS, and not of the children of its Map Runs
// (A90 of package asl). Of a history, which may be of hundreds of megabytes, one page is in memory.
func (s *Service) getExecutionHistory(_ context.Context, in historyInput) (any, error) {
	size, err := pageSize(in.MaxResults)
	if err != nil {
		return nil, err
	}
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	of := "history\x00" + strconv.FormatBool(in.Reverse) + in.Execution
	place, err := placeIn(in.NextToken, of)
	if err != nil {
		return nil, err
	}
	behind := 0 // id of the last event that was told
	if place != "" {
		if behind, err = strconv.Atoi(place); err != nil {
			return nil, refuse("InvalidToken", "Invalid Token: '%s'", in.NextToken)
		}
	}
	first, last := behind+1, behind+size
	if in.Reverse {
		if last = behind - 1; behind == 0 {
			if last, err = s.engine.Load().Executions().Events(x.Key()); err != nil {
				return nil, err
			}
		}
		first = max(last-size+1, 1)
	}
	events, more, err := s.events(x, in.IncludeData == nil || *in.IncludeData, first, last)
	if err != nil {
		return nil, err
	}
	if in.Reverse {
		slices.Reverse(events)
		more = first > 1
	}
	answer := map[string]any{"events": events}
	if more && len(events) > 0 {
		answer["nextToken"] = token(of, strconv.Itoa(events[len(events)-1]["id"].(int)))
	}
	return answer, nil
}

// events returns those with an id from first to last, and whether there are more behind.
func (s *Service) events(x executions.Execution, data bool, first, last int) (page []event, more bool, err error) {
	page = []event{}
	t := translator{data: data, input: x.Input, region: storage.Region, last: map[string]int{}}
	for e, err := range s.engine.Load().Executions().History(x.Key()) {
		if err != nil {
			return nil, false, err
		}
		if e.ID > last {
			return page, true, nil
		}
		if before := t.previous(e); e.ID >= first {
			page = append(page, t.event(e, before))
		}
	}
	return page, false, nil
}
