package account

import (
	"bufio"
	"encoding/json"
	"io"
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

// eachValue calls f with each value of in: the elements of one JSON array, or one value after another,
// as in JSON Lines. It holds one value at a time.
func eachValue(in io.Reader, f func(json.RawMessage) error) error {
	buffered := bufio.NewReaderSize(in, 64<<10)
	array, err := beginsWith('[', buffered)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	d := json.NewDecoder(buffered)
	if array {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	for {
		if array && !d.More() {
			_, err := d.Token() // the closing bracket: a file without it is not whole
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err == io.EOF && !array {
			return nil
		} else if err != nil {
			return err
		}
		if err := f(value); err != nil {
			return err
		}
	}
}

// beginsWith says whether b is the first byte of in that is not white space. Nothing else is consumed.
func beginsWith(b byte, in *bufio.Reader) (bool, error) {
	for {
		first, err := in.ReadByte()
		if err != nil {
			return false, err
		}
		if first != ' ' && first != '\n' && first != '\r' && first != '\t' {
			return first == b, in.UnreadByte()
		}
	}
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
