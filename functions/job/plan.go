package job

import (
	"encoding/json"
	"time"
)

// Start is the event that the state machine hands to Prepare: what the caller gave, and which run it is.
type Start struct {
	Input     json.RawMessage `json:"input"`
	Execution string          `json:"execution"` // ARN
	Run       string          `json:"run"`       // the execution's name
	Started   time.Time       `json:"started"`
}

// Plan is what Prepare returns, and what the rest of the state machine goes by. It is also kept as
// plan.json beside the report.
type Plan struct {
	Run       string    `json:"run"`
	Execution string    `json:"execution"`
	Started   time.Time `json:"started"`
	Comment   string    `json:"comment,omitzero"`
	Job       Job       `json:"job"`
	Shards    []Shard   `json:"shards"`
	Limits    Limits    `json:"limits"`
	Results   Location  `json:"results"` // where the Map Runs leave their result files
}

// Location is a bucket and a key prefix in it.
type Location struct {
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
}

// Job travels with every batch: all that a worker needs to know beside its items.
type Job struct {
	Run         string    `json:"run"`
	Source      Location  `json:"source"`      // the deployment's source; {dir} in a key template starts below its prefix
	Destination Location  `json:"destination"` // the prefix is put before every output key
	Work        Location  `json:"work"`        // for previews
	Variants    []Variant `json:"variants"`
	Overwrite   Overwrite `json:"overwrite"`
	Filter      Filter    `json:"filter,omitzero"`
	// Fresh says that the destination held nothing when the run was planned, so that a worker need not
	// look for an earlier output before it makes one; its put still refuses to replace one.
	Fresh bool `json:"fresh,omitzero"`
	// SampleEvery makes one picture in so many, chosen by its key, leave a preview of the source for the
	// report; 0 is none.
	SampleEvery int `json:"sampleEvery,omitzero"`
}

// Limits bound a Map Run. The ASL file takes them by path.
type Limits struct {
	BatchSize                  int     `json:"batchSize"`
	MaxConcurrency             int     `json:"maxConcurrency"`
	ToleratedFailurePercentage float64 `json:"toleratedFailurePercentage"`
}

// The kinds of shard.
const (
	ShardListing  = "listing"
	ShardManifest = "manifest"
)

// Shard is what one Map Run goes over: a listing of Bucket under Prefix, or the JSON Lines in Key.
type Shard struct {
	Kind   string `json:"kind"`
	Bucket string `json:"bucket"`
	Prefix string `json:"prefix"`
	Key    string `json:"key,omitzero"`
	Items  int    `json:"items,omitzero"` // lines in the manifest
}

// The layout of the work bucket. What lies under WorkPrefix expires; reports stay.
const (
	WorkPrefix    = "work/"
	ReportsPrefix = "reports/"
)

// WorkKey returns the key of a run's working file.
func WorkKey(run, name string) string { return WorkPrefix + run + "/" + name }

// ReportKey returns the key of a file of a run's report: plan.json, summary.json, failures.jsonl or
// report.html.
func ReportKey(run, name string) string { return ReportsPrefix + run + "/" + name }
