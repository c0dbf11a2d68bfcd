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
	length := aws.ToInt64(out.ContentLength)
	if length > limit {
		return tooLarge{length, limit}
	}
	s.etag = strings.Trim(aws.ToString(out.ETag), `"`)
	s.metadata = out.Metadata
	s.own = out.Metadata[markRecipe] != ""
	s.cacheControl, s.contentDisposition, s.contentLanguage = out.CacheControl, out.ContentDisposition, out.ContentLanguage
	if s.own {
		return nil
	}
	s.body = make([]byte, length)
	if _, err := io.ReadFull(out.Body, s.body); err != nil {
		return r.sourceFault("GetObject", s.key, err)
	}
	return nil
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
	if e, ok := err.(fault.NoBucket); ok {
		return job.SourceMissing{Message: e.Message}
	}
	return err
}
