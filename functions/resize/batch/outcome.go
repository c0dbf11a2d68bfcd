package batch

import (
	"time"

	"mapfleet/functions/job"
)

// outcome is what became of one item. Exactly one of left, world, ignored and current holds, or else
// the item was written or failed.
type outcome struct {
	left    bool   // not started
	world   error  // a fault of the world: nothing is said of the item
	ignored string // code
	current bool
	denied  error // job.AccessDenied: the source could not be read, which is a failure of the item

	failures          []job.Failure
	outputs           int
	bytesIn, bytesOut int64
	sample            *job.Sample
	spent             spent
}

// spent is the time of one item by stage.
type spent struct{ fetch, decode, resize, encode, put time.Duration }

// count adds the item to t.
func (o outcome) count(t *job.Tally) {
	t.Listed++
	switch {
	case o.ignored != "":
		t.Ignored++
		bump(&t.IgnoredBy, o.ignored)
	case len(o.failures) > 0:
		t.Failed++
		bump(&t.FailedBy, o.failures[0].Code)
	case o.current:
		t.Current++
	default:
		t.Written++
	}
	o.countPuts(t)
	t.BytesIn += o.bytesIn
	t.Failures = append(t.Failures, o.failures...)
	if o.sample != nil {
		t.Samples = append(t.Samples, *o.sample)
	}
}

// countPuts adds what the item has put, which is there even if a fault of the world stopped the rest.
func (o outcome) countPuts(t *job.Tally) {
	t.Outputs += o.outputs
	t.BytesOut += o.bytesOut
}

// unasked says whether the item was settled, or left, without a word from S3 about its source.
func (o outcome) unasked() bool {
	return o.left || o.world != nil || o.ignored == IgnoredEmpty || o.ignored == IgnoredFilter
}

func bump(counts *map[string]int, code string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[code]++
}

// milliseconds sums the time of all outcomes by stage; summed first, rounded once.
func milliseconds(outcomes []outcome) map[string]int64 {
	var all spent
	for _, o := range outcomes {
		all.fetch += o.spent.fetch
		all.decode += o.spent.decode
		all.resize += o.spent.resize
		all.encode += o.spent.encode
		all.put += o.spent.put
	}
	return map[string]int64{
		"fetch":  all.fetch.Milliseconds(),
		"decode": all.decode.Milliseconds(),
		"resize": all.resize.Milliseconds(),
		"encode": all.encode.Milliseconds(),
		"put":    all.put.Milliseconds(),
	}
}
