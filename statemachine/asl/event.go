package asl

import "time"

// Kind says what an Event tells.
type Kind string

// The kinds of events, in the order in which a run meets them.
const (
	ExecutionStarted   Kind = "ExecutionStarted"
	ExecutionRedriven  Kind = "ExecutionRedriven" // instead, where a redrive begins
	StateEntered       Kind = "StateEntered"      // again by a redrive (A37)
	TaskScheduled      Kind = "TaskScheduled"     // Resource, Timeout and, as Input, the parameters are set; again by a retry
	TaskStarted        Kind = "TaskStarted"       // Resource is set, as in the next three
	TaskSucceeded      Kind = "TaskSucceeded"     // Output is what the resource answered
	TaskFailed         Kind = "TaskFailed"
	TaskTimedOut       Kind = "TaskTimedOut"     // by its TimeoutSeconds
	TaskRetried        Kind = "TaskRetried"      // Attempt, Error and Cause are set; also for Maps
	MapStarted         Kind = "MapStarted"       // Length is set; also for DISTRIBUTED Maps
	ErrorCaught        Kind = "ErrorCaught"      // by a Catch; the state exits next
	IterationStarted   Kind = "IterationStarted" // of an inline Map, as the next three; Iteration says which
	IterationSucceeded Kind = "IterationSucceeded"
	IterationFailed    Kind = "IterationFailed"
	IterationAborted   Kind = "IterationAborted"
	MapRunStarted      Kind = "MapRunStarted"
	MapRunRedriven     Kind = "MapRunRedriven" // instead, where a Map Run goes on
	MapRunUpdated      Kind = "MapRunUpdated"  // by Event.Update
	ItemsRead          Kind = "ItemsRead"      // once a page, and once when the last item is known
	ChildStarted       Kind = "ChildStarted"
	ChildSucceeded     Kind = "ChildSucceeded"
	ChildFailed        Kind = "ChildFailed"
	ChildTimedOut      Kind = "ChildTimedOut"
	ChildAborted       Kind = "ChildAborted"
	MapRunFinished     Kind = "MapRunFinished" // MapRun.Status says how
	MapSucceeded       Kind = "MapSucceeded"   // its items are done; the state exits next
	MapFailed          Kind = "MapFailed"      // Error and Cause are set
	StateAborted       Kind = "StateAborted"   // a Task, Map or Wait was stopped from outside
	StateExited        Kind = "StateExited"
	ExecutionSucceeded Kind = "ExecutionSucceeded"
	ExecutionFailed    Kind = "ExecutionFailed"
	ExecutionTimedOut  Kind = "ExecutionTimedOut"
	ExecutionAborted   Kind = "ExecutionAborted"
)

// Event is one step of a run. Input and Output are shared with the run: never change them.
type Event struct {
	Time      time.Time
	Kind      Kind
	Execution string // ARN: of the child execution for what happens inside one
	State     string
	StateType string // Task, Map and so on, of what a state tells
	Iteration []int  // index of the iteration of an inline Map, and of those within it
	MapRunARN string // set for what happens in or to a Map Run
	Child     string // name of the child execution
	Input     any    // of the execution, state or child
	Output    any
	Error     string
	Cause     string
	Attempt   int           // of TaskRetried: 1 before the first retry
	Resource  string        // of a Task: its ARN
	Timeout   time.Duration // of TaskScheduled; 0 is no limit
	Length    int           // of MapStarted: items; 0 where an ItemReader reads them (A90)
	// RedriveCount is set for ExecutionRedriven: 1 for the first.
	RedriveCount int
	MapRun       *MapRun // a copy taken at this event, for the kinds that change a Map Run
	// Update changes a running Map Run; it is set for MapRunStarted and MapRunRedriven. It may be called by
	// many goroutines, but not from an Observe, and does nothing once the Map Run has ended.
	Update func(MapRunUpdate) `json:"-"`
}

// MapRun is what DescribeMapRun tells of a Map Run.
type MapRun struct {
	ARN            string
	Execution      string // ARN of the execution that owns it
	State          string // name of the Map state
	Label          string
	Status         string // RUNNING, SUCCEEDED, FAILED or ABORTED
	Listed         bool   // the last item has been read: Items.Total is final
	MaxConcurrency int    // 2147483647 if the state does not limit it (A30)

	// ToleratedFailureCount is -1 if the state sets none, ToleratedFailurePercentage likewise; with
	// neither set no failure is tolerated.
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64

	Items      Counts
	Executions Counts
	Start      time.Time
	Stop       time.Time // zero while it runs

	RedriveCount int
	RedriveDate  time.Time // of the last redrive; zero without one
}

// Counts are the ten counters that DescribeMapRun gives for items and for child executions (A31).
// While a redrive is at work, what has not succeeded and waits to be run again is in PendingRedrive
// alone; what was never started is in Pending (A40).
type Counts struct {
	Pending, Running, Succeeded, Failed, TimedOut, Aborted int64
	Total, ResultsWritten                                  int64
	FailuresNotRedrivable, PendingRedrive                  int64
}
