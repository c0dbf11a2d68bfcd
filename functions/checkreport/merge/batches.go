package merge

import (
	"context"
	"encoding/json"
	"strings"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
	"mapfleet/functions/report/mapruns"
)

// record is one child execution in a result file: of those that succeeded their output, a checks.Result;
// of the others a description.
type record struct {
	Done      *checks.Tally   `json:"done"`
	Remaining json.RawMessage `json:"remaining"`

	Name, Status, Error, Cause string
}

// readBatches adds up what the Map Run says of its batches.
func (b *book) readBatches(ctx context.Context, s mapruns.Store, plan checks.Plan, outputs []job.MapRunResult) error {
	found, err := mapruns.Find(ctx, s, outputs, plan.Results)
	if err != nil {
		return err
	}
	visitor := mapruns.Visitor[record]{Succeeded: b.succeeded, Failed: b.failed, Pending: func(record) error { return nil }, Note: b.note}
	for _, at := range found {
		_, err := visitor.Visit(ctx, s, at)
		if gone, ok := err.(fault.Gone); ok {
			b.note("Result files are missing: %s.", gone.Message)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *book) succeeded(r record) error {
	if r.Done == nil {
		b.note("A batch says that it succeeded, but not what it did.")
		return nil
	}
	b.batches++
	b.batchTally.Add(*r.Done)
	return nil
}

func (b *book) failed(r record) error {
	b.failedBatches++
	if b.failedBatches == 1 {
		b.reason = r.reason()
	}
	return nil
}

// reason is why a child failed, in short.
func (r record) reason() string {
	const most = 300
	text := r.Error
	if text == "" {
		text = r.Status
	}
	var cause struct{ ErrorMessage string }
	if json.Unmarshal([]byte(r.Cause), &cause) != nil || cause.ErrorMessage == "" {
		cause.ErrorMessage = strings.TrimSpace(r.Cause)
	}
	if cause.ErrorMessage != "" {
		text += ": " + cause.ErrorMessage
	}
	return look.Clip(text, most)
}
