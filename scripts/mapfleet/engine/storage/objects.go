package storage

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

// What follows is how the state machine reaches the buckets: without the network, in the shapes that
// Step Functions gives.

// List returns a page of up to 1,000 items, and what to ask for the next one ("" at the end).
func (s *Server) List(ctx context.Context, bucket, prefix, continuation string) (items []any, next string, err error) {
	out, err := s.buckets.ListObjectsV2(ctx, &s3.ListObjectsV2Input{
		Bucket: &bucket, Prefix: &prefix, ContinuationToken: &continuation, StartAfter: aws.String(""), MaxKeys: aws.Int32(1000),
	})
	if err != nil {
		return nil, "", plain(err)
	}
	items = make([]any, len(out.Contents))
	for i, o := range out.Contents {
		items[i] = map[string]any{
			"Key": *o.Key, "Etag": aws.ToString(o.ETag), "Size": float64(*o.Size),
			"LastModified": float64(o.LastModified.UnixMilli()) / 1e3, "StorageClass": string(o.StorageClass),
		}
	}
	return items, aws.ToString(out.NextContinuationToken), nil
}

// Open reads an object. The caller closes it.
func (s *Server) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := s.buckets.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key, Range: aws.String("")})
	if err != nil {
		return nil, plain(err)
	}
	return out.Body, nil
}

// Put writes an object, whole or not at all.
func (s *Server) Put(ctx context.Context, bucket, key, contentType string, body io.ReadSeeker) error {
	length, err := body.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = s.buckets.PutObject(ctx, s3response.PutObjectInput{
		Bucket: &bucket, Key: &key, ContentType: &contentType, ContentLength: &length, Body: body,
	})
	return plain(err)
}
