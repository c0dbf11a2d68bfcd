package checks

import (
	"crypto/sha256"
	"fmt"
	"time"

	"mapfleet/functions/job"
)

// Plan is what the first function of a run returns, and what the rest of the state machine goes by. It is
// also kept as plan.json beside the report.
type Plan struct {
	Run       string    `json:"run"`
	Execution string    `json:"execution"`
	Started   time.Time `json:"started"`
	Comment   string    `json:"comment,omitzero"`
	// Skip says why there is nothing to do; then the execution ends here, and there is no plan.json.
	Skip string `json:"skip,omitzero"`

	File    string `json:"file"`    // s3:// URL
	Version string `json:"version"` // of the file: its ETag
	Output  string `json:"output"`  // s3:// URL
	Lines   int    `json:"lines"`   // of the file that are not blank
	Bad     int    `json:"bad"`     // of them, those that are refused

	Job     Job          `json:"job"`
	Items   Object       `json:"items"`   // the lines as JSON Lines, each an Item
	Results job.Location `json:"results"` // where the Map Run leaves its result files
	Limits  Limits       `json:"limits"`
}

// Object is where one object lies.
type Object struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"`
}

// Limits bound the Map Run. The ASL file takes them by path.
type Limits struct {
	BatchSize                  int     `json:"batchSize"`
	MaxConcurrency             int     `json:"maxConcurrency"`
	ToleratedFailurePercentage float64 `json:"toleratedFailurePercentage"`
}

// ItemsName is the name of a run's items among its working files, ResultsFolder that of the folder of
// its result files.
const (
	ItemsName     = "items.jsonl"
	ResultsFolder = "results/"
)

// Where runs of checks have what other runs have directly below work/ and reports/. No name of a run has a
// dot in it, so that runs of one name of two state machines never meet.
const (
	WorkPrefix    = job.WorkPrefix + "checks."
	ReportsPrefix = job.ReportsPrefix + "checks."
)

// WorkKey returns the key of a run's working file.
func WorkKey(run, name string) string { return WorkPrefix + run + "/" + name }

// ReportKey returns the key of a file of a run's report: plan.json, summary.json, failing.jsonl or
// report.html.
func ReportKey(run, name string) string { return ReportsPrefix + run + "/" + name }

// LockKey returns the key, in the work bucket, of the lock of runs over a file.
func LockKey(file string) string { return job.LocksPrefix + FilesPrefix + name(file) + ".json" }

// LastKey returns the key, in the work bucket, of what the last run over a file has left for the next. It
// is one for each file, and does not expire with the reports.
func LastKey(file string) string { return job.ReportsPrefix + FilesPrefix + name(file) + ".json" }

func name(file string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(file)))[:32] }
