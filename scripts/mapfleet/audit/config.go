package audit

import (
	"encoding/json"
	"io"

	"mapfleet/functions/job"
)

// Config says what is compared. All but Store, Deployment and Input may be left out.
type Config struct {
	Store      Store
	Deployment job.Deployment
	Input      json.RawMessage // the run input: which sources, which recipe

	// Quick compares names in listings only, without a request for each object: what is stale, foreign or
	// orphaned cannot be told then.
	Quick bool
	// Concurrency is how many objects are asked for at a time; 0 is DefaultConcurrency.
	Concurrency int
	// Manifest takes the sources that a run would write outputs of, as JSON Lines of job.Item.
	Manifest io.Writer
	// Orphans takes the keys of orphaned outputs, as JSON Lines of job.Item. With it, orphans are searched
	// for even where Input names a part of the source, which costs a listing of all of it.
	Orphans io.Writer
	// Spool is a folder for what does not fit into memory; empty is os.TempDir. It is left as it was.
	Spool string
	// Progress is kept up to date.
	Progress *Progress
	// Announce is called once, before single objects are asked for.
	Announce func(Estimate)

	chunk int // records that are sorted in memory; 0 is defaultChunk
}

// DefaultConcurrency is how many objects are asked for at a time where a Config does not say.
const DefaultConcurrency = 64
