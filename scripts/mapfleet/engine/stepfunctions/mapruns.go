package stepfunctions

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mapfleet/statemachine/asl"
)

type listMapRunsInput struct {
	Execution  string `json:"executionArn"`
	MaxResults int    `json:"maxResults"`
	NextToken  string `json:"nextToken"`
}

type mapRunListed struct {
	Execution    string  `json:"executionArn"`
	MapRun       string  `json:"mapRunArn"`
	StateMachine string  `json:"stateMachineArn"`
	Start        seconds `json:"startDate"`
	Stop         seconds `json:"stopDate,omitzero"`
}

func (s *Service) listMapRuns(_ context.Context, in listMapRunsInput) (any, error) {
	size, err := pageSize(in.MaxResults)
	if err != nil {
		return nil, err
	}
	x, err := s.execution(in.Execution)
	if err != nil {
		return nil, err
	}
	of := "mapruns\x00" + in.Execution
	behind, err := placeIn(in.NextToken, of)
	if err != nil {
		return nil, err
	}
	from := 0
	if behind != "" {
		if from, err = strconv.Atoi(behind); err != nil {
			return nil, refuse("InvalidToken", "Invalid Token: '%s'", in.NextToken)
		}
	}
	runs, err := s.mapRunsOf(x.Key())
	if err != nil {
		return nil, err
	}
	list := []mapRunListed{}
	for _, r := range runs[min(from, len(runs)):min(from+size, len(runs))] {
		list = append(list, mapRunListed{r.Execution, r.ARN, machineOf(r.ARN), seconds(r.Start), seconds(r.Stop)})
	}
	answer := map[string]any{"mapRuns": list}
	if from+size < len(runs) {
		answer["nextToken"] = token(of, strconv.Itoa(from+size))
	}
	return answer, nil
}

// machineOf is the ARN of what the children of a Map Run are executions of (A26 of package asl).
func machineOf(mapRun string) string {
	machine := strings.Replace(mapRun, ":mapRun:", ":stateMachine:", 1)
	return machine[:strings.LastIndexByte(machine, ':')]
}

type mapRunInput struct {
	MapRun string `json:"mapRunArn"`
}

type mapRunDescribed struct {
	MapRun          string  `json:"mapRunArn"`
	Execution       string  `json:"executionArn"`
	Status          string  `json:"status"`
	Start           seconds `json:"startDate"`
	Stop            seconds `json:"stopDate,omitzero"`
	MaxConcurrency  int     `json:"maxConcurrency"`
	Percentage      float64 `json:"toleratedFailurePercentage"`
	Count           int64   `json:"toleratedFailureCount"`
	ItemCounts      counts  `json:"itemCounts"`
	ExecutionCounts counts  `json:"executionCounts"`
	RedriveCount    int     `json:"redriveCount"`
	RedriveDate     seconds `json:"redriveDate,omitzero"`
}

// counts are the ten counters (A31 of package asl).
type counts struct {
	Pending               int64 `json:"pending"`
	Running               int64 `json:"running"`
	Succeeded             int64 `json:"succeeded"`
	Failed                int64 `json:"failed"`
	TimedOut              int64 `json:"timedOut"`
	Aborted               int64 `json:"aborted"`
	Total                 int64 `json:"total"`
	ResultsWritten        int64 `json:"resultsWritten"`
	FailuresNotRedrivable int64 `json:"failuresNotRedrivable"`
	PendingRedrive        int64 `json:"pendingRedrive"`
}

func (s *Service) describeMapRun(_ context.Context, in mapRunInput) (any, error) {
	r, err := s.mapRun(in.MapRun)
	if err != nil {
		return nil, err
	}
	return mapRunDescribed{
		MapRun: r.ARN, Execution: r.Execution, Status: r.Status, Start: seconds(r.Start), Stop: seconds(r.Stop),
		MaxConcurrency: r.MaxConcurrency, Percentage: max(r.ToleratedFailurePercentage, 0), Count: max(r.ToleratedFailureCount, 0),
		ItemCounts: counts(r.Items), ExecutionCounts: counts(r.Executions),
		RedriveCount: r.RedriveCount, RedriveDate: seconds(r.RedriveDate),
	}, nil
}

// mapRun finds a Map Run by its ARN.
func (s *Service) mapRun(arn string) (asl.MapRun, error) {
	if _, err := arnOf("mapRunArn", arn, "mapRun"); err != nil {
		return asl.MapRun{}, err
	}
	key, err := s.owner(arn)
	if err != nil {
		return asl.MapRun{}, err
	}
	runs, err := s.mapRunsOf(key)
	if err != nil {
		return asl.MapRun{}, err
	}
	for _, r := range runs {
		if r.ARN == arn {
			return r, nil
		}
	}
	return asl.MapRun{}, noMapRun(arn)
}

func noMapRun(arn string) error { return refuse("ResourceNotFound", "Resource not found: '%s'", arn) }

// owner returns the key of the execution of a Map Run. What an earlier process ran is looked for once.
func (s *Service) owner(arn string) (string, error) {
	if key := s.ownerKnown(arn); key != "" {
		return key, nil
	}
	folder := s.engine.Load().Executions()
	all, err := folder.All()
	if err != nil {
		return "", err
	}
	for _, x := range slices.Backward(all) {
		runs, err := folder.MapRuns(x.Key())
		if err != nil {
			return "", err
		}
		s.mu.Lock()
		for _, r := range runs {
			s.owners[r.ARN] = x.Key()
		}
		s.mu.Unlock()
		if key := s.ownerKnown(arn); key != "" {
			return key, nil
		}
	}
	return "", noMapRun(arn)
}

func (s *Service) ownerKnown(arn string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owners[arn]
}

// mapRunsOf returns the Map Runs of an execution as they stand now, in the order of their begin.
func (s *Service) mapRunsOf(key string) ([]asl.MapRun, error) {
	live := map[string]asl.MapRun{}
	if r := s.at(key); r != nil {
		r.mu.Lock()
		maps.Copy(live, r.mapRuns)
		r.mu.Unlock()
	}
	runs, err := s.engine.Load().Executions().MapRuns(key)
	if err != nil {
		return nil, err
	}
	for i, run := range runs {
		if now, ok := live[run.ARN]; ok {
			runs[i] = now
			delete(live, run.ARN)
		}
	}
	for _, run := range live {
		runs = append(runs, run)
	}
	slices.SortStableFunc(runs, func(a, b asl.MapRun) int { return a.Start.Compare(b.Start) })
	return runs, nil
}
