package job

import (
	"maps"
	"time"
)

// Batch is the event of a worker, as ItemBatcher makes it. Earlier is there from the second round on,
// Crash where an invocation on this very batch did not come back.
type Batch struct {
	Items      []Item     `json:"Items"`
	BatchInput BatchInput `json:"BatchInput"`
	Earlier    *Tally     `json:"Earlier,omitzero"`
	Crash      *Crash     `json:"Crash,omitzero"`
}

// Crash is how an invocation ended, as the state machine caught it.
type Crash struct {
	Error string `json:"Error"`
	Cause string `json:"Cause"`
}

// BatchInput is the part of the event that all batches of a run share.
type BatchInput struct {
	Job Job `json:"job"`
}

// MaxResultBytes bounds a Result's JSON. The state that holds it also holds the batch (at most 96 KiB,
// MaxInputBytesPerBatch in the ASL file) and the job, and may have 256 KiB in all.
const MaxResultBytes = 128 << 10

// Result is what a worker returns.
type Result struct {
	Done      Tally  `json:"done"`
	Remaining []Item `json:"remaining"` // not started because the deadline came near
}

// Tally counts what became of items: Listed = Written + Current + Ignored + Failed. An item with
// several variants counts as Failed if one of them failed, else as Written if one was written, else as
// Current.
type Tally struct {
	Listed  int `json:"listed"`
	Written int `json:"written"`
	Current int `json:"current"` // every output was there already, made from this source by this recipe
	Ignored int `json:"ignored"`
	Failed  int `json:"failed"`

	Outputs      int              `json:"outputs"` // objects put
	BytesIn      int64            `json:"bytesIn"`
	BytesOut     int64            `json:"bytesOut"`
	Milliseconds map[string]int64 `json:"milliseconds,omitzero"` // by stage: fetch, decode, resize, encode, put
	IgnoredBy    map[string]int   `json:"ignoredBy,omitzero"`    // by code
	FailedBy     map[string]int   `json:"failedBy,omitzero"`     // items by the code of their first failure

	Failures Failures `json:"failures,omitzero"`
	Samples  []Sample `json:"samples,omitzero"`

	Started  time.Time `json:"started,omitzero"`  // of the first round
	Finished time.Time `json:"finished,omitzero"` // of the last
	Rounds   int       `json:"rounds,omitzero"`
}

// Sample is one picture for the report's "before and after".
type Sample struct {
	Key     string  `json:"key"`
	Before  Picture `json:"before"`
	Preview string  `json:"preview"` // key in the work bucket of a small JPEG of the source
	Variant string  `json:"variant"`
	After   Picture `json:"after"`
	Output  string  `json:"output"` // key in the destination bucket
}

// Picture describes one image file.
type Picture struct {
	Format string `json:"format"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Bytes  int64  `json:"bytes"`
}

// Balanced says whether every listed item is counted exactly once.
func (t Tally) Balanced() bool {
	return t.Listed == t.Written+t.Current+t.Ignored+t.Failed
}

// Add counts another tally, of other items, into t.
func (t *Tally) Add(o Tally) {
	t.Listed += o.Listed
	t.Written += o.Written
	t.Current += o.Current
	t.Ignored += o.Ignored
	t.Failed += o.Failed
	t.Outputs += o.Outputs
	t.BytesIn += o.BytesIn
	t.BytesOut += o.BytesOut
	t.Milliseconds = sum(t.Milliseconds, o.Milliseconds)
	t.IgnoredBy = sum(t.IgnoredBy, o.IgnoredBy)
	t.FailedBy = sum(t.FailedBy, o.FailedBy)
	t.Failures = append(t.Failures, o.Failures...)
	t.Samples = append(t.Samples, o.Samples...)
	if t.Started.IsZero() || !o.Started.IsZero() && o.Started.Before(t.Started) {
		t.Started = o.Started
	}
	if o.Finished.After(t.Finished) {
		t.Finished = o.Finished
	}
	t.Rounds += o.Rounds
}

func sum[N int | int64](a, b map[string]N) map[string]N {
	if len(b) == 0 {
		return a
	}
	total := maps.Clone(a)
	if total == nil {
		total = make(map[string]N, len(b))
	}
	for name, n := range b {
		total[name] += n
	}
	return total
}
