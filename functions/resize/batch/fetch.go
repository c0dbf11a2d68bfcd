package batch

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// tooLarge says that an object has more bytes than are fetched.
type tooLarge struct{ bytes, limit int64 }

func (e tooLarge) Error() string {
	return fmt.Sprintf("%d bytes, more than the %d that are fetched", e.bytes, e.limit)
}

// denied says that one source may not be read. Of a batch's items that is one's own failure, unless it
// is so for all.
type denied struct{ job.AccessDenied }

// fetches is how often a download is tried that breaks off, stalls, or brings other bytes than S3 says.
// The call itself is retried by the client.
const fetches = 5

// fetch reads the whole object. Its ETag is the one it was read under, whatever the listing said.
func (r *round) fetch(ctx context.Context, s *source) error {
	for try := 1; ; try++ {
		err := r.download(ctx, s)
		switch e := err.(type) {
		case damaged:
			if try >= fetches || ctx.Err() != nil {
				return r.sourceFault("GetObject", s.key, e.error)
			}
			if err := pause(ctx, try); err != nil {
				return err
			}
		case grown:
			s.hold.release()
			if s.hold, err = r.worker.memory.fetch(ctx, e.size); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// damaged says that a download did not bring what S3 keeps.
type damaged struct{ error }

// grown says that an object has more bytes than there is memory taken for, or to be had at once.
type grown struct{ size int64 }

func (grown) Error() string { return "it is larger than it was" }

func (r *round) download(ctx context.Context, s *source) error {
	bucket := r.job.Source.Bucket
	reading, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, err := r.worker.Store.GetObject(reading, &s3.GetObjectInput{Bucket: &bucket, Key: &s.key})
	if err != nil {
		return r.sourceFault("GetObject", s.key, err)
	}
	defer out.Body.Close()
	limit := r.worker.MaxSourceBytes
	length := aws.ToInt64(out.ContentLength)
	s.etag = strings.Trim(aws.ToString(out.ETag), `"`)
	switch {
	case length > limit:
		return tooLarge{length, limit}
	case out.ContentLength != nil && s.listed != "" && s.listed == s.etag && s.size >= 0 && s.size != length:
		return damaged{fmt.Errorf("it comes with %d bytes, and has %d under this ETag", length, s.size)}
	case !s.hold.grow(length):
		return grown{length}
	}
	s.metadata = out.Metadata
	s.own = out.Metadata[markRecipe] != ""
	s.cacheControl, s.contentDisposition, s.contentLanguage = out.CacheControl, out.ContentDisposition, out.ContentLanguage
	if s.own {
		return nil
	}
	_, s.verified = s3.GetChecksumValidationMetadata(out.ResultMetadata)
	body := flowing(out.Body, r.worker.Stall, cancel)
	defer body.watch.Stop()
	if s.body, err = read(body, out.ContentLength, limit); err != nil {
		s.drop()
		if context.Cause(reading) == errStalled {
			err = errStalled
		}
		return damaged{err}
	}
	if s.length = int64(len(s.body)); s.length > limit {
		return tooLarge{s.length, limit}
	}
	return nil
}

// read reads the body to its end, where a checksum is compared, or one byte more than limit. S3 always
// tells the length; a proxy may not.
func read(from io.Reader, length *int64, limit int64) ([]byte, error) {
	if length == nil {
		return io.ReadAll(io.LimitReader(from, limit+1))
	}
	body := bodies.take(int(*length))
	if _, err := io.ReadFull(from, body); err != nil {
		return body, err
	}
	n, err := io.ReadFull(from, make([]byte, 1))
	switch {
	case n > 0:
		return body, fmt.Errorf("it goes on after the %d bytes that it has", *length)
	case err == io.EOF:
		return body, nil
	default:
		return body, err
	}
}

// head asks for the source's ETag where the item did not tell it.
func (r *round) head(ctx context.Context, s *source) error {
	bucket := r.job.Source.Bucket
	out, err := r.worker.Store.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &s.key})
	if err != nil {
		return r.sourceFault("HeadObject", s.key, err)
	}
	s.etag = strings.Trim(aws.ToString(out.ETag), `"`)
	if out.ContentLength != nil {
		s.size, s.listed = *out.ContentLength, s.etag
	}
	return nil
}

func (r *round) sourceFault(call, key string, err error) error {
	err = fault.OfObject(call, r.job.Source.Bucket, key, err)
	switch e := err.(type) {
	case fault.NoBucket:
		return job.SourceMissing{Message: e.Message}
	case job.AccessDenied:
		return denied{e}
	default:
		return err
	}
}
