package job

import "time"

// Ended is the event that the state machine hands to Report. MapRuns are the outputs of the Map states
// as Step Functions gives them; without them Report looks for the run's result files itself.
type Ended struct {
	Run     string         `json:"run"`
	MapRuns []MapRunResult `json:"mapRuns,omitzero"`
	Status  string         `json:"status,omitzero"` // FAILED, TIMED_OUT or ABORTED where the run is over already
	Error   string         `json:"error,omitzero"`
	Cause   string         `json:"cause,omitzero"`
}

// MapRunResult is the output of a Distributed Map with a ResultWriter.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
type MapRunResult struct {
	MapRunArn           string `json:"MapRunArn"`
	ResultWriterDetails struct {
		Bucket string `json:"Bucket"`
		Key    string `json:"Key"`
	} `json:"ResultWriterDetails"`
}

// Summary is what a run amounts to: summary.json, and the output of the execution.
type Summary struct {
	Run       string    `json:"run"`
	Execution string    `json:"execution"`
	Status    string    `json:"status"` // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Message   string    `json:"message"`
	Started   time.Time `json:"started"`
	Finished  time.Time `json:"finished"`
	Seconds   float64   `json:"seconds"`

	Listed     int `json:"listed"`
	Written    int `json:"written"`
	Current    int `json:"current"`
	Ignored    int `json:"ignored"`
	Failed     int `json:"failed"`
	NotStarted int `json:"notStarted"` // items of batches that an early end left over; not in Listed

	Outputs      int              `json:"outputs"`
	BytesIn      int64            `json:"bytesIn"`
	BytesOut     int64            `json:"bytesOut"`
	Batches      int              `json:"batches"`
	MapRuns      int              `json:"mapRuns"`
	Milliseconds map[string]int64 `json:"milliseconds"`
	IgnoredBy    map[string]int   `json:"ignoredBy"`
	FailedBy     map[string]int   `json:"failedBy"`

	FailedPercentage           float64 `json:"failedPercentage"`
	ToleratedFailurePercentage float64 `json:"toleratedFailurePercentage"`
	WithinTolerance            bool    `json:"withinTolerance"`
	Balanced                   bool    `json:"balanced"` // Listed = Written + Current + Ignored + Failed

	Report   string `json:"report"`   // s3:// URL of report.html
	Failures string `json:"failures"` // s3:// URL of failures.jsonl, a manifest that can be run again
}
