package batch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// The codes of ignored items, and of failures that are found before a picture is opened. The codes of
// package picture join them.
const (
	IgnoredEmpty    = "Empty"        // an object of no bytes, or a folder that a console made
	IgnoredFilter   = "Filtered"     // the run's filter does not let it through
	IgnoredOwn      = "OwnOutput"    // made by mapfleet itself: taking it as a source would never end
	IgnoredNoImage  = "NotAnImage"   // neither its name nor its content is a picture's
	FailedArchived  = "Archived"     // in a storage class that must be restored first
	FailedGone      = "Gone"         // listed, but no longer there
	FailedKey       = "KeyTooLong"   // an output's key would not be allowed
	FailedTooLarge  = "TooLarge"     // more bytes than are fetched
	FailedCollision = "KeyCollision" // the output's key belongs to another source
	FailedDenied    = "AccessDenied" // this one source may not be read, though others may
	FailedPanic     = "Panic"        // the work on it panicked
)

// round is the work on one batch.
type round struct {
	worker  *Worker
	job     job.Job
	recipes []string      // of job.Variants
	cpu     chan struct{} // a place for each picture that may be rendered at a time
}

// target is one output that an item is to have.
type target struct {
	variant int // index in job.Variants
	key     string
	// exists is the ETag of the object that stands there, which may be empty on stores other than S3; nil
	// if there is none, as far as is known.
	exists *string
}

// item takes one item to its outcome. A panic on the way is the item's failure: the others of the batch
// have no part in it, and trying again would meet it again.
func (r *round) item(ctx context.Context, item job.Item) (o outcome) {
	fail := func(code, message string) outcome {
		o.failures = []job.Failure{{Key: item.Key, Code: code, Message: message}}
		return o
	}
	defer func() {
		if v := recover(); v != nil {
			slog.Error("panic", "key", item.Key, "value", fmt.Sprint(v), "stack", string(debug.Stack()))
			fail(FailedPanic, fmt.Sprintf("panic: %.300s", fmt.Sprint(v)))
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
	targets := make([]target, len(r.job.Variants))
	for i, v := range r.job.Variants {
		key, err := job.OutputKey(v, r.job.Source.Prefix, item.Key)
		if key = r.job.Destination.Prefix + key; err == nil && len(key) > job.MaxKeyBytes {
			err = fmt.Errorf("the output's key would be %d bytes long; S3 allows %d", len(key), job.MaxKeyBytes)
		}
		if err != nil {
			return fail(FailedKey, err.Error())
		}
		targets[i] = target{variant: i, key: key}
	}

	source := source{key: item.Key, etag: item.ETag}
	if !r.job.Fresh {
		if err := r.look(ctx, &source, &targets, &o); err != nil {
			return r.blame(fail, err, &o)
		}
		if len(targets) == 0 {
			o.current = len(o.failures) == 0
			return o
		}
	}
	begun := time.Now()
	err := r.fetch(ctx, &source)
	o.spent.fetch = time.Since(begun)
	if err != nil {
		return r.blame(fail, err, &o)
	}
	defer func() { bodies.give(source.body) }()
	o.bytesIn = int64(len(source.body))
	if source.own {
		o.ignored = IgnoredOwn
		return o
	}
	if len(source.body) == 0 {
		o.ignored = IgnoredEmpty
		return o
	}
	if _, ok := picture.Sniff(source.body); !ok && !namedAsPicture(item.Key) {
		o.ignored = IgnoredNoImage
		return o
	}
	if err := r.render(ctx, &source, targets, &o); err != nil {
		return r.blame(fail, err, &o)
	}
	return o
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
	case tooLarge:
		return fail(FailedTooLarge, e.Error())
	case denied:
		o.denied = e.AccessDenied
		return fail(FailedDenied, e.Error())
	}
	o.world = err
	return *o
}

var pictureExts = []string{".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff",
	".heic", ".heif", ".avif", ".jxl", ".jp2"} // the last row cannot be read, and the report says so

// namedAsPicture says whether a key claims to be a picture: what is not one by content either is
// ignored instead of failed. A name without an extension claims it too.
func namedAsPicture(key string) bool {
	ext := strings.ToLower(path.Ext(key))
	return ext == "" || slices.Contains(pictureExts, ext)
}
