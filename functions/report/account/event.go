package account

import (
	"encoding/json"
	"time"

	"mapfleet/functions/job"
)

// Ended is a run that is at its end: what the state machine says of it, and what EventBridge adds.
type Ended struct {
	job.Ended
	Execution string    // ARN; empty where the state machine calls, whose plan has it
	Started   time.Time // zero where the state machine calls
	Stopped   time.Time // zero while the run is not over
}

// judged says whether the state machine itself failed the run, by what its report says.
func (e Ended) judged() bool {
	return e.Error == "TooManyFailures" || e.Error == "AccountsDisagree"
}

// statusChange is EventBridge's "Step Functions Execution Status Change".
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
type statusChange struct {
	ExecutionArn string  `json:"executionArn"`
	Name         string  `json:"name"`
	Status       string  `json:"status"`
	StartDate    float64 `json:"startDate"` // epoch milliseconds, as is StopDate
	StopDate     float64 `json:"stopDate"`
	Error        string  `json:"error"`
	Cause        string  `json:"cause"`
}

// ParseEvent reads a job.Ended, or an EventBridge event that says that an execution has ended. The
// error is a job.InvalidInput.
func ParseEvent(data []byte) (Ended, error) {
	var event struct {
		job.Ended
		MapRuns []json.RawMessage `json:"mapRuns"`
		Detail  *statusChange     `json:"detail"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return Ended{}, refuse("the event", err.Error(), `{"run": …, "mapRuns": …} or an execution status change`)
	}
	ended := Ended{Ended: event.Ended}
	ended.MapRuns = mapRuns(event.MapRuns)
	if d := event.Detail; d != nil {
		ended = Ended{
			Ended:     job.Ended{Run: d.Name, Status: d.Status, Error: d.Error, Cause: d.Cause},
			Execution: d.ExecutionArn,
			Started:   epoch(d.StartDate),
			Stopped:   epoch(d.StopDate),
		}
	}
	if !job.ValidRunName(ended.Run) {
		return Ended{}, refuse("run", ended.Run, "the name of an execution")
	}
	switch ended.Status {
	case "", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED":
		return ended, nil
	}
	return Ended{}, refuse("status", ended.Status, "SUCCEEDED, FAILED, TIMED_OUT or ABORTED: the run must be over")
}

// RunOf returns the name of the run that an event is of, and nothing of one that ParseEvent refuses.
func RunOf(data json.RawMessage) string {
	ended, err := ParseEvent(data)
	if err != nil {
		return ""
	}
	return ended.Run
}

// mapRuns returns the outputs of the Map states, or nil if one of them does not name its result files
// (what a Map state over nothing returns is not documented): the files are looked for then.
func mapRuns(outputs []json.RawMessage) []job.MapRunResult {
	runs := make([]job.MapRunResult, len(outputs))
	for i, output := range outputs {
		if json.Unmarshal(output, &runs[i]) != nil || runs[i].ResultWriterDetails.Bucket == "" || runs[i].ResultWriterDetails.Key == "" {
			return nil
		}
	}
	return runs
}

func epoch(milliseconds float64) time.Time {
	if milliseconds <= 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(milliseconds)).UTC()
}

func refuse(field, given, allowed string) error {
	if given == "" {
		given = "nothing"
	}
	return job.InvalidInput{Problems: []job.Problem{{Field: field, Given: given, Allowed: allowed}}}
}
