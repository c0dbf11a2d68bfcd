package batch

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// source is an object as it was fetched.
type source struct {
	key  string
	etag string // without quotes
	own  bool   // one of mapfleet's own outputs
	body []byte

	cacheControl, contentDisposition, contentLanguage *string
	metadata                                          map[string]string
}

// tooLarge says that an object has more bytes than are fetched.
type tooLarge struct{ bytes, limit int64 }

func (e tooLarge) Error() string {
	return fmt.Sprintf("%d bytes, more than the %d that are fetched", e.bytes, e.limit)
}

// denied says that one source may not be read. Of a batch's items that is one's own failure, unless it
// is so for all.
type denied struct{ job.AccessDenied }

// fetch reads the whole object. Its ETag is the one it was read under, whatever the listing said.
func (r *round) fetch(ctx context.Context, s *source) error {
	bucket := r.job.Source.Bucket
	out, err := r.worker.Store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &s.key})
	if err != nil {
		return r.sourceFault("GetObject", s.key, err)
	}
	defer out.Body.Close()
	limit := r.worker.MaxSourceBytes
	if limit == 0 {
		limit = DefaultMaxSourceBytes
	}
	if length := aws.ToInt64(out.ContentLength); length > limit {
		return tooLarge{length, limit}
	}
	s.etag = strings.Trim(aws.ToString(out.ETag), `"`)
	s.metadata = out.Metadata
	s.own = out.Metadata[markRecipe] != ""
	s.cacheControl, s.contentDisposition, s.contentLanguage = out.CacheControl, out.ContentDisposition, out.ContentLanguage
	if s.own {
		return nil
	}
	if s.body, err = read(out, limit); err != nil {
		return r.sourceFault("GetObject", s.key, err)
	}
	if int64(len(s.body)) > limit {
		return tooLarge{int64(len(s.body)), limit}
	}
	return nil
}

// read reads the body, or one byte more than limit. S3 always tells the length; a proxy may not.
func read(out *s3.GetObjectOutput, limit int64) ([]byte, error) {
	if out.ContentLength == nil {
		return io.ReadAll(io.LimitReader(out.Body, limit+1))
	}
	body := bodies.take(int(*out.ContentLength))
	_, err := io.ReadFull(out.Body, body)
	return body, err
}

// buffers keeps the memory of fetched objects for the next ones: a new megabyte has to be cleared, and
// fetched from the system, every time.
type buffers struct{ pool sync.Pool }

var bodies buffers

// take returns n bytes of anything.
func (b *buffers) take(n int) []byte {
	if kept, _ := b.pool.Get().(*[]byte); kept != nil && cap(*kept) >= n {
		return (*kept)[:n]
	}
	return make([]byte, n, n+n/4)
}

func (b *buffers) give(body []byte) {
	if cap(body) > 0 {
		b.pool.Put(&body)
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
	return nil
}

func (r *round) sourceFault(call, key string, err error) error {
	err = fault.Of(call, r.job.Source.Bucket, key, err)
	switch e := err.(type) {
	case fault.NoBucket:
		return job.SourceMissing{Message: e.Message}
	case job.AccessDenied:
		return denied{e}
	default:
		return err
	}
}
