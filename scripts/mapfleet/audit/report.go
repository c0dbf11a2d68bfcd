package audit

import "mapfleet/functions/job"

// Kind says what is wrong with one object.
type Kind string

// The kinds of difference.
const (
	Missing   Kind = "missing"   // an output that is not there
	Stale     Kind = "stale"     // an output made from another state of its source, or by another recipe, or by hand
	Collision Kind = "collision" // an output whose key belongs to another source, or to what mapfleet has not made
	Orphaned  Kind = "orphaned"  // an output whose source is gone, or that no variant makes
	Gone      Kind = "gone"      // a source that the run input names, and that is not there
	Denied    Kind = "denied"    // an object that may not be read, so that nothing can be said of it
)

// Finding is one difference.
type Finding struct {
	Source  string `json:"source,omitzero"`
	Variant string `json:"variant,omitzero"`
	Output  string `json:"output,omitzero"` // key in the destination bucket
	Reason  string `json:"reason,omitzero"`

	kind Kind
}

// Shown is how many findings of each kind a Report holds.
const Shown = 10

// Report is what an audit has found.
type Report struct {
	Input   job.Input `json:"-"`     // what was compared: the run input, with what a run would fill in
	Clean   bool      `json:"clean"` // no difference of any kind
	Quick   bool      `json:"quick"`
	Sources Sources   `json:"sources"`
	Outputs Outputs   `json:"outputs"`
	// Destination is nil where the destination was not listed.
	Destination *Destination       `json:"destination,omitempty"`
	First       map[Kind][]Finding `json:"first"` // the first Shown of each kind
	// Unexplained are the first Shown of Destination.Unexplained.
	Unexplained []string `json:"unexplained,omitzero"`
	Requests    Requests `json:"requests"`
}

// Sources counts the sources that the run input selects, each once:
// Listed = Current + Again + Colliding + Ignored + Gone + Denied.
type Sources struct {
	Listed    int64          `json:"listed"`
	Current   int64          `json:"current"`   // all of their outputs are
	Again     int64          `json:"again"`     // an output is missing or stale: those of the manifest
	Colliding int64          `json:"colliding"` // an output is a collision, and all others are current
	Ignored   int64          `json:"ignored"`   // a run would make nothing of them
	IgnoredBy map[string]int `json:"ignoredBy"` // by the code that a run gives
	Gone      int64          `json:"gone"`
	Denied    int64          `json:"denied"`
}

// Outputs counts the outputs of Sources that are Current, Again and Colliding.
type Outputs struct {
	Current    int64 `json:"current"`
	Missing    int64 `json:"missing"`
	Stale      int64 `json:"stale"`
	Collisions int64 `json:"collisions"`
}

// Destination counts what the destination holds.
type Destination struct {
	Objects     int64 `json:"objects"`
	Unexplained int64 `json:"unexplained"` // no source wants them
	*Outsiders        // what the unexplained are; nil in a quick audit, which cannot tell
}

// Outsiders counts objects that no source wants, each once.
type Outsiders struct {
	Orphaned int64 `json:"orphaned"` // mapfleet has made them
	Foreign  int64 `json:"foreign"`  // it has not
	Denied   int64 `json:"denied"`   // they may not be read
}

func newReport(quick bool) Report {
	return Report{Quick: quick, Sources: Sources{IgnoredBy: map[string]int{}}, First: map[Kind][]Finding{}}
}

// add counts a finding.
func (r *Report) add(f Finding) {
	switch f.kind {
	case Missing:
		r.Outputs.Missing++
	case Stale:
		r.Outputs.Stale++
	case Collision:
		r.Outputs.Collisions++
	case Orphaned:
		r.Destination.Orphaned++
	}
	if len(r.First[f.kind]) < Shown {
		r.First[f.kind] = append(r.First[f.kind], f)
	}
}

// Differences is how many there are of all kinds.
func (r Report) Differences() int64 {
	n := r.Outputs.Missing + r.Outputs.Stale + r.Outputs.Collisions + r.Sources.Gone + r.Sources.Denied
	if r.Destination != nil && r.Destination.Outsiders != nil {
		n += r.Destination.Orphaned + r.Destination.Denied
	}
	return n
}
