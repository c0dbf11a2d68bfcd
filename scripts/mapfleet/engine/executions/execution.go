// Package executions keeps what is known of executions in a folder, one folder each: the Execution, as
// DescribeExecution tells it; its definition; its history, an Event for each step; its Map Runs; and
// the journal by which it can be redriven. A Recorder writes while an execution runs; what it has
// written survives the end of its process at any moment.
package executions

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"
)

// The states of an execution, as Step Functions names them.
const (
	Running   = "RUNNING"
	Succeeded = "SUCCEEDED"
	Failed    = "FAILED"
	TimedOut  = "TIMED_OUT"
	Aborted   = "ABORTED"
)

// Execution is what is known of one execution. Its JSON has the names of DescribeExecution.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
type Execution struct {
	ARN          string          `json:"executionArn"`
	StateMachine string          `json:"stateMachineArn"`
	Name         string          `json:"name"`
	Status       string          `json:"status"`
	Start        time.Time       `json:"startDate"`
	Stop         time.Time       `json:"stopDate,omitzero"` // zero while it runs
	Input        json.RawMessage `json:"input"`
	Output       json.RawMessage `json:"output,omitzero"` // of one that SUCCEEDED
	Error        string          `json:"error,omitzero"`
	Cause        string          `json:"cause,omitzero"`
	RedriveCount int             `json:"redriveCount"`
	RedriveDate  time.Time       `json:"redriveDate,omitzero"` // of the last redrive

	// Kept is the name of its folder; empty: Name. Names are of one state machine each, and several may share a Folder.
	Kept string `json:"kept,omitzero"`

	// Source and Destination are the folders that it works on.
	Source      string `json:"source"`
	Destination string `json:"destination"`
}

// Key is the name by which a Folder knows the execution.
func (x Execution) Key() string { return cmp.Or(x.Kept, x.Name) }

// What AWS allows of redrives (A36 of package asl).
const (
	redrivablePeriod = 14 * 24 * time.Hour // from the end of the execution
	maxEvents        = 25_000              // of a history
	maxEventsBefore  = 24_999              // of one that can be redriven
)

// NotRedrivable says why the execution cannot be redriven now, or "" if it can. events is how many its
// history has.
func (x Execution) NotRedrivable(now time.Time, events int) string {
	switch {
	case x.Status == Running || x.Status == Succeeded:
		return fmt.Sprintf("it is %s: only what FAILED, TIMED_OUT or was ABORTED can be redriven", x.Status)
	case now.Sub(x.Stop) > redrivablePeriod:
		return fmt.Sprintf("it ended on %s: a redrive is possible for %d days", x.Stop.Format(time.DateOnly), redrivablePeriod/(24*time.Hour))
	case events >= maxEventsBefore:
		return fmt.Sprintf("its history has %d events: a redrive needs fewer than %d", events, maxEventsBefore)
	}
	return ""
}
