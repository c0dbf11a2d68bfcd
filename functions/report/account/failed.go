package account

import (
	"encoding/json"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// maxMessageBytes bounds the message of a failure that this package makes.
const maxMessageBytes = 300

// failed adds a child execution that did not end well. Its worker's own account counts if there is
// one; else every item of its input has failed.
func (b *book) failed(r record) error {
	if r.Status == "ABORTED" {
		return b.pending(r)
	}
	batch, err := r.batch()
	if err != nil {
		b.note("The input of failed batch %s (%s) cannot be read: %v.", r.Name, r.code(), err)
		return nil
	}
	message := r.message()
	if r.Error == "BatchFailed" {
		if t, err := (job.BatchFailed{Message: message}).Tally(); err == nil {
			return b.batchFailed(r, batch, t)
		}
	}
	t := job.Tally{Started: r.StartDate.Time, Finished: r.StopDate.Time, Rounds: 1}
	t.Listed = len(batch.Items)
	t.Failed = len(batch.Items)
	t.FailedBy = map[string]int{r.code(): len(batch.Items)}
	t.Failures = failures(batch.Items, r.code(), message)
	return b.add(r.Name, t)
}

// batchFailed adds a child of which every item failed, by its worker's account t. Failures that found
// no room in t are made up from the child's input, so that they can be run again.
func (b *book) batchFailed(r record, batch job.Batch, t job.Tally) error {
	given := len(batch.Items)
	if batch.Earlier != nil {
		given += batch.Earlier.Listed
	}
	if t.Listed != given {
		b.note("%s was given %s, but accounts for %s.", batchName(r.Name), items(given), look.Count(t.Listed))
	}
	named := make(map[string]bool, len(t.Failures))
	for _, f := range t.Failures {
		named[f.Key] = true
	}
	if t.Failed > len(named) {
		var unnamed []job.Item
		for _, item := range batch.Items {
			if !named[item.Key] {
				unnamed = append(unnamed, item)
			}
		}
		code := "BatchFailed"
		if codes := look.ByCount(t.FailedBy); len(codes) > 0 {
			code = codes[0]
		}
		t.Failures = append(t.Failures, failures(unnamed, code, "every picture of its batch failed; this is the most frequent reason")...)
	}
	return b.add(r.Name, t)
}

func failures(items []job.Item, code, message string) []job.Failure {
	list := make([]job.Failure, len(items))
	for i, item := range items {
		list[i] = job.Failure{Key: item.Key, Code: code, Message: look.Clip(message, maxMessageBytes)}
	}
	return list
}

// result reads a full record's output as a record of its own.
func (r record) result() (record, error) {
	var inner record
	err := json.Unmarshal(r.Output, &inner)
	return inner, err
}

// code is why the child failed, in one word.
func (r record) code() string {
	switch {
	case r.Error != "":
		return look.Clip(r.Error, maxCodeBytes)
	case r.Status == "TIMED_OUT":
		return "States.Timeout"
	}
	return "Unknown"
}

// message is what Lambda or Step Functions says of the failure. Lambda's is JSON.
// https://docs.aws.amazon.com/lambda/latest/dg/golang-exceptions.html
func (r record) message() string {
	var cause struct{ ErrorMessage string }
	if json.Unmarshal([]byte(r.Cause), &cause) == nil && cause.ErrorMessage != "" {
		return cause.ErrorMessage
	}
	return strings.TrimSpace(r.Cause)
}
