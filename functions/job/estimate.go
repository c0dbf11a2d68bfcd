package job

// Estimate is what a run would do and cost, worked out before it starts. It counts every item that has
// to be looked at as if it had to be written: what is current already is known to workers only, so the
// figures are an upper bound.
type Estimate struct {
	// Complete says that every item was counted. Else the time for it ran out: all figures are of the
	// first Items, and nothing is said of the others.
	Complete bool `json:"complete"`

	Items        int            `json:"items"`                 // listed
	Bytes        int64          `json:"bytes"`                 // of those whose size is known
	UnknownSizes int            `json:"unknownSizes,omitzero"` // items whose size is not known; see Notes for what is taken
	ToWrite      int            `json:"toWrite"`               // items that would be fetched and written, at most
	BytesToRead  int64          `json:"bytesToRead"`           // of them, unknown sizes as taken
	Outputs      int            `json:"outputs"`               // objects put, at most: one for each variant
	IgnoredBy    map[string]int `json:"ignoredBy,omitzero"`    // by the codes of workers: Empty, Filtered
	FailedBy     map[string]int `json:"failedBy,omitzero"`     // by the codes of workers: Archived
	Batches      int            `json:"batches"`
	MapRuns      int            `json:"mapRuns"`

	Seconds float64    `json:"seconds"` // about, from start to end
	USD     float64    `json:"usd"`     // the sum of Lines
	Lines   []CostLine `json:"lines"`
	Prices  string     `json:"prices"` // of which Region and month
	Notes   []string   `json:"notes"`  // what the figures rest on, in sentences
}

// CostLine is one line of a bill: USD = Quantity x Price, to a millionth of a dollar.
type CostLine struct {
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
	Price    float64 `json:"price"` // US dollars a unit
	USD      float64 `json:"usd"`
}
