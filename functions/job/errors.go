package job

import (
	"fmt"
	"strings"

	"mapfleet/functions/job/fields"
)

// The exported error types below are what the state machine sees: Lambda reports the Go type name of
// the error that a handler returns as errorType, and the ErrorEquals lists in the ASL files match it.
// A handler returns them bare, never wrapped.
// https://docs.aws.amazon.com/lambda/latest/dg/golang-exceptions.html

// Problem is one thing that is wrong in an input: where it stands, what was given, what is allowed.
type Problem = fields.Problem

// InvalidInput says that a run cannot start as it was asked for. It holds every problem found; its text
// names as many as a Cause has room for, and counts the others.
type InvalidInput struct {
	Problems []Problem
}

func (e InvalidInput) Error() string {
	var lines []string
	room := maxCauseBytes
	for i, p := range e.Problems {
		line := p.String()
		if room -= len(line) + 1; room < 0 && i > 0 {
			lines = append(lines, fmt.Sprintf("and %d more", len(e.Problems)-i))
			break
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// TooExpensive says that a run was not started because its estimate is above the run's own limit, or
// could not be finished. It names both. Trying again does not help.
type TooExpensive struct{ Message string }

func (e TooExpensive) Error() string { return e.Message }

// Throttled says that S3 asked to slow down for longer than the client's own retries last. Trying the
// batch again later helps.
type Throttled struct{ Message string }

func (e Throttled) Error() string { return e.Message }

// Unavailable says that S3 could not be reached, or failed, for longer than the client's own retries
// last. Trying the batch again later helps.
type Unavailable struct{ Message string }

func (e Unavailable) Error() string { return e.Message }

// AccessDenied says that a permission is missing; it names the call. Trying again does not help.
type AccessDenied struct{ Message string }

func (e AccessDenied) Error() string { return e.Message }

// SourceMissing says that the source bucket, or a manifest in it, is not there.
type SourceMissing struct{ Message string }

func (e SourceMissing) Error() string { return e.Message }

// SourceRefused says that the source bucket does not do what it is asked, and why. Trying again does not
// help.
type SourceRefused struct{ Message string }

func (e SourceRefused) Error() string { return e.Message }

// DestinationMissing says that the destination bucket is not there.
type DestinationMissing struct{ Message string }

func (e DestinationMissing) Error() string { return e.Message }

// DestinationFull says that the storage behind the destination has no room left: a disk, or a quota.
// S3 itself never says so. Trying again does not help.
type DestinationFull struct{ Message string }

func (e DestinationFull) Error() string { return e.Message }

// Stuck says that the work on one picture does not come to an end, and names it. The process that it
// holds up is of no more use: a worker ends with it. In another process the batch goes on without it.
type Stuck struct{ Message string }

func (e Stuck) Error() string { return e.Message }

// BatchFailed says that every item of a batch failed. It is not tried again, so that a wrong recipe
// trips the Map Run's tolerance after a few batches instead of walking the whole bucket. Its message
// is the JSON of a Tally, from which the report lists the items one by one.
type BatchFailed struct{ Message string }

func (e BatchFailed) Error() string { return e.Message }
