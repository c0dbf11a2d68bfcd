package account

import (
	"encoding/json"
	"time"

	"mapfleet/functions/job"
)

// record is one child execution in a result file. WriterConfig COMPACT leaves the child's output alone,
// a job.Result, for those that succeeded; the others are full descriptions, whose Input and Output are
// JSON in a string.
type record struct {
	Done      *job.Tally        `json:"done"`
	Remaining []json.RawMessage `json:"remaining"`

	Name      string
	Status    string
	Input     quoted
	Output    quoted
	Error     string
	Cause     string
	StartDate moment
	StopDate  moment
}

// batch returns the child's input.
func (r record) batch() (job.Batch, error) {
	var b job.Batch
	err := json.Unmarshal(r.Input, &b)
	return b, err
}

// quoted is JSON, written as a string or as it is.
type quoted []byte

func (q *quoted) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		data = []byte(text)
	}
	*q = append((*q)[:0], data...)
	return nil
}

// moment is a time in RFC 3339; whatever else stands there is the zero time, as it only shapes a chart.
type moment struct{ time.Time }

func (m *moment) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		m.Time, _ = time.Parse(time.RFC3339, text)
	}
	return nil
}
