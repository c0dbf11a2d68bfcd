package batch

import (
	"context"
	"errors"
	"fmt"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// The codes of ignored items, and of failures that are found before a picture is opened. The codes of
// package picture join them.
const (
	IgnoredEmpty    = "Empty"         // an object of no bytes, or a folder that a console made
	IgnoredFilter   = "Filtered"      // the run's filter does not let it through
	IgnoredOwn      = "OwnOutput"     // made by mapfleet itself: taking it as a source would never end
	IgnoredNoImage  = "NotAnImage"    // neither its name nor its content is a picture's
	FailedArchived  = "Archived"      // in a storage class that must be restored first
	FailedGone      = "Gone"          // listed, but no longer there
	FailedKey       = "KeyNotAllowed" // an output's key would be too long, or leave its folder
	FailedTooLarge  = "TooLarge"      // more bytes than are fetched
	FailedCollision = "KeyCollision"  // the output's key belongs to another source, or to what mapfleet did not make
	FailedDenied    = "AccessDenied"  // this one source may not be read, though others may
	FailedRefused   = "Refused"       // S3 will not read it, or write its output, however often it is asked
	FailedPanic     = "Panic"         // the work on it panicked
	FailedCrashed   = "Crashed"       // it ended the worker's process, or never came to an end
)

// target is one output that an item is to have.
type target struct {
	variant int // index in job.Variants
	key     string
	// exists is the ETag of the object that stands there, which may be empty on stores other than S3; nil
	// if there is none, as far as is known.
	exists *string
}

// item takes the i-th item to its outcome. A panic on the way is the item's failure: the others of the
// batch have no part in it, and trying again would meet it again.
func (r *round) item(ctx context.Context, i int) (o outcome) {
	item := r.items[i]
	fail := func(code, message string) outcome {
		o.failures = []job.Failure{{Key: item.Key, Code: code, Message: message}}
		return o
	}
	defer func() {
		if v := recover(); v != nil {
			fail(FailedPanic, newPanicked(item.Key, v).Error())
		}
	}()
	switch {
	case item.Placeholder():
		o.ignored = IgnoredEmpty
		return o
	case !r.job.Filter.Passes(item):
		o.ignored = IgnoredFilter
		return o
	case item.Archived():
		return fail(FailedArchived, fmt.Sprintf("in storage class %s: restore it, then run the failures again", item.StorageClass))
	}
	targets, err := r.targets(item.Key)
	if err != nil {
		return fail(FailedKey, err.Error())
	}
	s := source{key: item.Key, size: item.Size, listed: item.ETag, etag: item.ETag}
	if !r.job.Fresh || r.crash != nil {
		if err := r.look(ctx, &s, &targets, &o); err != nil {
			return r.blame(fail, err, &o)
		}
		if len(targets) == 0 {
			o.current = len(o.failures) == 0
			return o
		}
	}
	if why, ok := r.marker.Crashed[item.Key]; ok {
		return fail(FailedCrashed, why)
	}
	if s.size > r.worker.MaxSourceBytes {
		return fail(FailedTooLarge, tooLarge{s.size, r.worker.MaxSourceBytes}.Error())
	}
	done, ok, err := r.admit(ctx, i, &s)
	switch {
	case err != nil:
		return r.blame(fail, err, &o)
	case !ok:
		o.left = true
		return o
	}
	defer done()
	defer s.release()
	if err := r.render(ctx, &s, targets, &o); err != nil {
		return r.blame(fail, err, &o)
	}
	return o
}

// targets returns the outputs of a source. The error says which key cannot be.
func (r *round) targets(key string) ([]target, error) {
	targets := make([]target, len(r.job.Variants))
	for i, v := range r.job.Variants {
		output, err := job.OutputKey(v, r.job.Source.Prefix, key)
		if err != nil {
			return nil, err
		}
		if output = r.job.Destination.Prefix + output; len(output) > job.MaxKeyBytes {
			return nil, fmt.Errorf("the output's key would be %d bytes long; S3 allows %d", len(output), job.MaxKeyBytes)
		}
		targets[i] = target{variant: i, key: output}
	}
	return targets, nil
}

// blame puts err where it belongs: on the picture, as a failure, or on the world.
func (r *round) blame(fail func(code, message string) outcome, err error, o *outcome) outcome {
	if e, ok := errors.AsType[*picture.Error](err); ok {
		return fail(e.Code, e.Error())
	}
	switch e := err.(type) {
	case fault.Gone:
		return fail(FailedGone, "listed, but no longer there when it was fetched")
	case fault.Archived:
		return fail(FailedArchived, "in an archive storage class or tier: restore it, then run the failures again")
	case fault.Refused:
		return fail(FailedRefused, e.Message)
	case tooLarge:
		return fail(FailedTooLarge, e.Error())
	case panicked:
		return fail(FailedPanic, e.Error())
	case denied:
		o.denied = e.AccessDenied
		return fail(FailedDenied, e.Error())
	}
	o.world = err
	return *o
}
