package audit

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/job"
)

// Store is the part of S3 that an audit uses: it reads only. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// counting is a Store that counts what is asked of it. It may be used by many goroutines.
type counting struct {
	Store
	lists, heads, gets atomic.Int64
}

func (c *counting) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, options ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	c.lists.Add(1)
	return c.Store.ListObjectsV2(ctx, in, options...)
}

func (c *counting) HeadObject(ctx context.Context, in *s3.HeadObjectInput, options ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	c.heads.Add(1)
	return c.Store.HeadObject(ctx, in, options...)
}

func (c *counting) GetObject(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	c.gets.Add(1)
	return c.Store.GetObject(ctx, in, options...)
}

func (c *counting) requests() Requests {
	return Requests{List: c.lists.Load(), Head: c.heads.Load(), Get: c.gets.Load()}
}

// head asks for one object. The error is one of package fault's and job's, bare.
func (c *counting) head(ctx context.Context, bucket, key string) (out *s3.HeadObjectOutput, err error) {
	err = try(ctx, "HeadObject", bucket, key, func() error {
		out, err = c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
		return err
	})
	return out, err
}

// start reads the first n bytes of an object, or as many as it has, and its metadata.
func (c *counting) start(ctx context.Context, bucket, key string, n int) (head []byte, metadata map[string]string, err error) {
	first := fmt.Sprintf("bytes=0-%d", n-1)
	err = try(ctx, "GetObject", bucket, key, func() error {
		out, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: &first})
		if status(err) == http.StatusRequestedRangeNotSatisfiable { // nothing has no first byte
			return nil
		}
		if err != nil {
			return err
		}
		defer out.Body.Close()
		metadata = out.Metadata
		head, err = io.ReadAll(io.LimitReader(out.Body, int64(n)))
		return err
	})
	return head, metadata, err
}

// empty says whether nothing lies under prefix.
func (c *counting) empty(ctx context.Context, bucket, prefix string) (bool, error) {
	var out *s3.ListObjectsV2Output
	err := try(ctx, "ListObjectsV2", bucket, prefix, func() (err error) {
		out, err = c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, MaxKeys: aws.Int32(1)})
		return err
	})
	return err == nil && len(out.Contents) == 0, err
}

// list goes over all objects under prefix, page by page.
func (c *counting) list(ctx context.Context, bucket, prefix string) iter.Seq2[job.Item, error] {
	return func(yield func(job.Item, error) bool) {
		in := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
		for {
			var page *s3.ListObjectsV2Output
			err := try(ctx, "ListObjectsV2", bucket, prefix, func() (err error) {
				page, err = c.ListObjectsV2(ctx, in)
				return err
			})
			if err != nil {
				yield(job.Item{}, err)
				return
			}
			for _, o := range page.Contents {
				if !yield(itemOf(o), nil) {
					return
				}
			}
			if !aws.ToBool(page.IsTruncated) {
				return
			}
			in.ContinuationToken = page.NextContinuationToken
		}
	}
}

func itemOf(o types.Object) job.Item {
	item := job.Item{
		Key: aws.ToString(o.Key), ETag: strings.Trim(aws.ToString(o.ETag), `"`), Size: -1,
		LastModified: aws.ToTime(o.LastModified), StorageClass: string(o.StorageClass),
	}
	if o.Size != nil {
		item.Size = *o.Size
	}
	return item
}
