package checks

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"time"

	"mapfleet/functions/job"
)

// Batch is the event of a worker, as ItemBatcher makes it. Earlier is there from the second round on.
type Batch struct {
	Items      []Item     `json:"Items"`
	BatchInput BatchInput `json:"BatchInput"`
	Earlier    *Tally     `json:"Earlier,omitzero"`
}

// BatchInput is the part of the event that all batches of a run share.
type BatchInput struct {
	Job Job `json:"job"`
}

// Job is all that a worker needs to know beside its items.
type Job struct {
	Run  string       `json:"run"`
	Work job.Location `json:"work"` // the work bucket, and the run's own prefix in it, WorkKey(run, "")
}

// Result is what a worker returns. Its findings are not in it but in the object FindingsKey of the
// batch's items, and of those of every round after. Its JSON is at most as long as the batch's items and
// MaxTallyBytes.
type Result struct {
	Done      Tally  `json:"done"`      // of all rounds
	Remaining []Item `json:"remaining"` // nothing is known of these yet; never nil
}

// MaxTallyBytes bounds a Tally's JSON.
const MaxTallyBytes = 40 << 10

// Tally adds up findings. It follows from them alone, so that whoever reads the findings again can hold
// it against them.
type Tally struct {
	Lines   int          `json:"lines"` // = OK + NotOK
	OK      int          `json:"ok"`
	NotOK   int          `json:"notOk"`
	ByCode  map[Code]int `json:"byCode,omitzero"` // all of Lines
	Retried int          `json:"retried"`         // lines with two attempts
	Bytes   int64        `json:"bytes"`           // of bodies
	Latency Latencies    `json:"microseconds"`

	Started  time.Time `json:"started,omitzero"`  // of the first attempt that counts
	Finished time.Time `json:"finished,omitzero"` // end of the last
	Rounds   int       `json:"rounds,omitzero"`
}

// Latencies are distributions over findings with an answer, that is a Status; DNS, Connect and TLS over
// those of them that had such a part.
type Latencies struct {
	DNS       Histogram `json:"dns,omitzero"`
	Connect   Histogram `json:"connect,omitzero"`
	TLS       Histogram `json:"tls,omitzero"`
	FirstByte Histogram `json:"firstByte,omitzero"`
	Total     Histogram `json:"total,omitzero"`
}

// Balanced says whether every line is counted exactly once.
func (t Tally) Balanced() bool {
	sum := 0
	for _, n := range t.ByCode {
		sum += n
	}
	return t.Lines == t.OK+t.NotOK && t.Lines == sum && t.OK == t.ByCode[OK]
}

// Count adds one finding.
func (t *Tally) Count(f Finding) {
	if t.ByCode == nil {
		t.ByCode = map[Code]int{}
	}
	t.Lines++
	t.ByCode[f.Code]++
	if f.Code == OK {
		t.OK++
	} else {
		t.NotOK++
	}
	if f.Attempts > 1 {
		t.Retried++
	}
	t.Bytes += f.Bytes
	t.span(f.At, f.At.Add(f.Latency.Total))
	if f.Status == 0 {
		return
	}
	t.Latency.Total.Add(f.Latency.Total)
	t.Latency.FirstByte.Add(f.Latency.FirstByte)
	for h, d := range map[*Histogram]time.Duration{&t.Latency.DNS: f.Latency.DNS, &t.Latency.Connect: f.Latency.Connect, &t.Latency.TLS: f.Latency.TLS} {
		if d > 0 {
			h.Add(d)
		}
	}
}

// Add counts what another tally has, of other findings.
func (t *Tally) Add(o Tally) {
	t.Lines += o.Lines
	t.OK += o.OK
	t.NotOK += o.NotOK
	byCode := maps.Clone(t.ByCode) // t may share its map with the tally it was copied from
	if byCode == nil {
		byCode = map[Code]int{}
	}
	for code, n := range o.ByCode {
		byCode[code] += n
	}
	t.ByCode = byCode
	t.Retried += o.Retried
	t.Bytes += o.Bytes
	for _, pair := range [][2]*Histogram{
		{&t.Latency.DNS, &o.Latency.DNS}, {&t.Latency.Connect, &o.Latency.Connect}, {&t.Latency.TLS, &o.Latency.TLS},
		{&t.Latency.FirstByte, &o.Latency.FirstByte}, {&t.Latency.Total, &o.Latency.Total},
	} {
		*pair[0] = pair[0].Clone()
		pair[0].Merge(*pair[1])
	}
	t.span(o.Started, o.Finished)
	t.Rounds += o.Rounds
}

func (t *Tally) span(from, to time.Time) {
	if !from.IsZero() && (t.Started.IsZero() || from.Before(t.Started)) {
		t.Started = from
	}
	if !from.IsZero() && to.After(t.Finished) {
		t.Finished = to
	}
}

// FindingsFolder is the folder below a run's prefix that holds its findings.
const FindingsFolder = "checks/"

// FindingsKey returns the key of the object that holds the findings of a round over items, one JSON
// object a line in the order of their lines: the run's prefix, FindingsFolder, the first line in ten
// digits, and a name that follows from all the lines. A round that is tried again has the same key, any
// other set of lines another one, and a listing is in the order of the first lines. It is empty without
// items.
func FindingsKey(prefix string, items []Item) string {
	if len(items) == 0 {
		return ""
	}
	first, sum := items[0].Line, sha256.New()
	for _, item := range items {
		first = min(first, item.Line)
		fmt.Fprintln(sum, item.Line)
	}
	return fmt.Sprintf("%s%s%010d-%x.jsonl", prefix, FindingsFolder, first, sum.Sum(nil)[:4])
}
