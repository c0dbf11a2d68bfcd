package stepfunctions

import (
	"context"
	"slices"
	"strconv"
)

type historyInput struct {
	Execution   string `json:"executionArn"`
	MaxResults  int    `json:"maxResults"`
	Reverse     bool   `json:"reverseOrder"`
	NextToken   string `json:"nextToken"`
	IncludeData *bool  `json:"includeExecutionData"` // absent: true
}

// getExecutionHistory tells what is kept: of a Task that it was entered, that it failed and was tried again,
// and that it was left, but not how its function was invoked.
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
	all := []event{}
	t := translator{data: in.IncludeData == nil || *in.IncludeData, input: x.Input, last: map[string]int{}}
	for e, err := range s.engine.Load().Executions().History(x.Name) {
		if err != nil {
			return nil, err
		}
		all = append(all, t.event(e))
	}
	if in.Reverse {
		slices.Reverse(all)
	}
	from := 0
	if place != "" {
		id, err := strconv.Atoi(place)
		if err != nil {
			return nil, refuse("InvalidToken", "Invalid Token: '%s'", in.NextToken)
		}
		from = 1 + slices.IndexFunc(all, func(e event) bool { return e["id"] == id })
	}
	end := min(from+size, len(all))
	answer := map[string]any{"events": all[from:end]}
	if end < len(all) {
		answer["nextToken"] = token(of, strconv.Itoa(all[end-1]["id"].(int)))
	}
	return answer, nil
}
