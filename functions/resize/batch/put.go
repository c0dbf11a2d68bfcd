package batch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// The metadata that marks an output: which source it was made from, in which state, by which recipe.
const (
	markSource = "mapfleet-source"      // start of the SHA-256 of the source's key
	markETag   = "mapfleet-source-etag" // the source's ETag, without quotes
	markRecipe = "mapfleet-recipe"      // job.Variant.Recipe
)

// maxMetadataBytes is what S3 allows of user metadata, names included.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
const maxMetadataBytes = 2048

func sourceMark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// look finds out which targets have to be made. Those that are current are taken out of targets; those
// whose key belongs to another source are failures of o.
func (r *round) look(ctx context.Context, s *source, targets *[]target, o *outcome) error {
	if s.etag == "" && r.job.Overwrite == job.OverwriteStale {
		if err := r.head(ctx, s); err != nil {
			return err
		}
	}
	needed := (*targets)[:0:0]
	for _, t := range *targets {
		state, err := r.state(ctx, s, &t)
		switch {
		case err != nil:
			return err
		case state == collides, state == foreign:
			o.failures = append(o.failures, r.collision(s.key, t, state))
		case state == needsWrite:
			needed = append(needed, t)
		}
	}
	*targets = needed
	return nil
}

type targetState int

const (
	needsWrite targetState = iota
	isCurrent
	collides // with the output of another source
	foreign  // not made by mapfleet
)

// state looks at what stands at t's key, and notes its ETag in t.
func (r *round) state(ctx context.Context, s *source, t *target) (targetState, error) {
	t.exists = nil
	bucket := r.job.Destination.Bucket
	out, err := r.worker.Store.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &t.key})
	err = r.destinationFault("HeadObject", t.key, err)
	if _, gone := err.(fault.Gone); gone {
		return needsWrite, nil
	}
	if err != nil {
		return 0, err
	}
	t.exists = aws.String(aws.ToString(out.ETag))
	mark := out.Metadata[markSource]
	switch {
	case mark != "" && mark != sourceMark(s.key):
		return collides, nil
	case r.job.Overwrite == job.OverwriteNever:
		return isCurrent, nil
	case r.job.Overwrite == job.OverwriteAlways:
		return needsWrite, nil
	case out.Metadata[markRecipe] == "":
		return foreign, nil
	case out.Metadata[markETag] == s.etag && s.etag != "" && out.Metadata[markRecipe] == r.recipes[t.variant]:
		return isCurrent, nil
	default:
		return needsWrite, nil
	}
}

func (r *round) collision(key string, t target, state targetState) job.Failure {
	message := fmt.Sprintf("its output %q was made from another source; give the variant a key that tells them apart, with {dir} and {ext}", t.key)
	if state == foreign {
		message = fmt.Sprintf("where its output %q belongs stands an object that mapfleet did not make; move it away, or have it replaced by overwrite always", t.key)
	}
	return job.Failure{Key: key, Variant: r.job.Variants[t.variant].Name, Code: FailedCollision, Message: message}
}

// put writes one output, whole or not at all, and only over what state saw. written is false if the
// output turned out to be current, or to be another source's (then o has the failure).
func (r *round) put(ctx context.Context, s *source, t target, output picture.Output, o *outcome) (written bool, err error) {
	bucket := r.job.Destination.Bucket
	for range 3 {
		in := &s3.PutObjectInput{
			Bucket: &bucket, Key: &t.key,
			Body:               bytes.NewReader(output.Bytes),
			ContentType:        &output.ContentType,
			CacheControl:       s.cacheControl,
			ContentDisposition: s.contentDisposition,
			ContentLanguage:    s.contentLanguage,
			Metadata:           r.metadata(s, t),
		}
		switch {
		case t.exists == nil:
			in.IfNoneMatch = aws.String("*")
		case *t.exists != "": // else there is nothing to hold on to
			in.IfMatch = t.exists
		}
		_, err = r.worker.Store.PutObject(ctx, in)
		err = r.destinationFault("PutObject", t.key, err)
		switch err.(type) {
		case nil:
			return true, nil
		case fault.Changed, fault.Gone: // another writer was faster, or the object was deleted
		default:
			return false, err
		}
		state, err := r.state(ctx, s, &t)
		switch {
		case err != nil:
			return false, err
		case state == collides, state == foreign:
			o.failures = append(o.failures, r.collision(s.key, t, state))
			return false, nil
		case state == isCurrent:
			return false, nil
		case t.exists != nil:
			if err := r.unchanged(ctx, s); err != nil {
				return false, err
			}
		}
	}
	return false, job.Unavailable{Message: fmt.Sprintf("PutObject s3://%s/%s: other writers kept changing it", bucket, t.key)}
}

// unchanged is an error if the source is no longer what was read. Another writer has then made the
// output from the newer one, and must not be overwritten with the older: the item is begun anew.
func (r *round) unchanged(ctx context.Context, s *source) error {
	now := source{key: s.key}
	if err := r.head(ctx, &now); err != nil {
		return err
	}
	if now.etag != s.etag {
		return job.Unavailable{Message: fmt.Sprintf("s3://%s/%s was replaced while it was worked on", r.job.Source.Bucket, s.key)}
	}
	return nil
}

// metadata returns the source's user metadata with the marks. If S3 would not take that much, the
// marks stand alone: without them the output could not be told from a stale one.
func (r *round) metadata(s *source, t target) map[string]string {
	marks := map[string]string{markSource: sourceMark(s.key), markETag: s.etag, markRecipe: r.recipes[t.variant]}
	all := make(map[string]string, len(s.metadata)+len(marks))
	size := 0
	for name, value := range s.metadata {
		all[strings.ToLower(name)] = value
	}
	maps.Copy(all, marks)
	for name, value := range all {
		size += len(name) + len(value)
	}
	if size > maxMetadataBytes {
		return marks
	}
	return all
}

func (r *round) destinationFault(call, key string, err error) error {
	err = fault.OfObject(call, r.job.Destination.Bucket, key, err)
	if e, ok := err.(fault.NoBucket); ok {
		return job.DestinationMissing{Message: e.Message}
	}
	return err
}
