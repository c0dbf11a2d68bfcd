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
	// RetryFailuresOf is the run whose failures this one runs again.
	RetryFailuresOf string   `json:"retryFailuresOf,omitzero"`
	Job             Job      `json:"job"`
	Shards          []Shard  `json:"shards"`
	Limits          Limits   `json:"limits"`
	Results         Location `json:"results"` // where the Map Runs leave their result files

	// DryRun ends the execution here, with Estimate as its output.
	DryRun bool `json:"dryRun"`
	// Estimate is there where the input asked for one, by dryRun or maxCostUSD.
	Estimate *Estimate `json:"estimate,omitzero"`
	// LeftOut counts the lines of a manifest that are no items of the run, by code.
	LeftOut map[string]int `json:"leftOut,omitzero"`
}

// The codes of lines that are left out of a manifest.
const (
	LeftRepeated   = "Repeated"      // the key of the line before once more
	LeftOldVersion = "OldVersion"    // of an Inventory: not the latest version of its object
	LeftDeleted    = "DeleteMarker"  // of an Inventory: the object is deleted
	LeftOutside    = "OutsidePrefix" // of an Inventory: not under the deployment's prefix, so no listing would have it
)

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

// Limits bound the run and each of its Map Runs. The ASL file takes them by path.
type Limits struct {
	BatchSize      int `json:"batchSize"`
	MapRuns        int `json:"mapRuns"`        // at work at a time
	MaxConcurrency int `json:"maxConcurrency"` // batches of one Map Run at a time
	// ToleratedFailurePercentage is that of each Map Run by itself, which ends with an error above it, and
	// at the end of the whole run.
	ToleratedFailurePercentage float64 `json:"toleratedFailurePercentage"`
	MaxItems                   int     `json:"maxItems"` // that one Map Run reads; MaxMapRunItems where the input set no limit
}

// MaxShards bounds the parts of a split listing, and MaxShardsBytes their JSON: the state that lists
// them also holds the output of each one's Map Run, and may have 256 KiB in all.
const (
	MaxShards      = 200
	MaxShardsBytes = 64 << 10
)

// inlineMapRuns is how many iterations of an inline Map Step Functions runs at a time.
// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
const inlineMapRuns = 40

// Share sets MapRuns and MaxConcurrency so that as many of workers as possible are at work, and never
// more, while there are so many shards.
func (l *Limits) Share(workers, shards int) {
	l.MapRuns, l.MaxConcurrency = 1, workers
	for runs := 2; runs <= min(shards, workers, inlineMapRuns); runs++ {
		if each := workers / runs; runs*each >= l.MapRuns*l.MaxConcurrency {
			l.MapRuns, l.MaxConcurrency = runs, each
		}
	}
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

// The layout of the work bucket. What lies under WorkPrefix expires; reports stay, but for those of
// package checks.
const (
	WorkPrefix      = "work/"
	ReportsPrefix   = "reports/"
	ManifestsPrefix = "manifests/" // where people put theirs
	LocksPrefix     = "locks/"     // of runs that keep others away while they are at work
)

// WorkKey returns the key of a run's working file.
func WorkKey(run, name string) string { return WorkPrefix + run + "/" + name }

// ReportKey returns the key of a file of a run's report: plan.json, summary.json, failures.jsonl or
// report.html. A dry run has estimate.json alone, which is the plan that it would have had: plan.json
// is that of a run that started.
func ReportKey(run, name string) string { return ReportsPrefix + run + "/" + name }
