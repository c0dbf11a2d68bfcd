package storage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3response"
)

// ListObjectsV2 lists by the walk of the bucket's folder.
func (b *buckets) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	f := b.listed[*in.Bucket]
	if f == nil {
		return b.Posix.ListObjectsV2(ctx, in)
	}
	found, err := f.list(ctx, listing{
		prefix: own(in.Prefix), delimiter: own(in.Delimiter),
		after: own(in.StartAfter), next: own(in.ContinuationToken), limit: int(aws.ToInt32(in.MaxKeys)),
	})
	if err != nil {
		return s3response.ListObjectsV2Result{}, refusal(err)
	}
	more := found.next != ""
	result := s3response.ListObjectsV2Result{
		Name: in.Bucket, Prefix: in.Prefix, StartAfter: in.StartAfter, ContinuationToken: in.ContinuationToken,
		KeyCount: aws.Int32(int32(len(found.objects) + len(found.prefixes))), MaxKeys: in.MaxKeys, Delimiter: in.Delimiter,
		IsTruncated: &more, Contents: found.objects, CommonPrefixes: found.prefixes,
	}
	if more {
		result.NextContinuationToken = &found.next
	}
	return result, nil
}

// ListObjects is the older way of listing.
func (b *buckets) ListObjects(ctx context.Context, in *s3.ListObjectsInput) (s3response.ListObjectsResult, error) {
	f := b.listed[*in.Bucket]
	if f == nil {
		return b.Posix.ListObjects(ctx, in)
	}
	found, err := f.list(ctx, listing{
		prefix: own(in.Prefix), delimiter: own(in.Delimiter), next: own(in.Marker), limit: int(aws.ToInt32(in.MaxKeys)),
	})
	if err != nil {
		return s3response.ListObjectsResult{}, refusal(err)
	}
	more := found.next != ""
	result := s3response.ListObjectsResult{
		Name: in.Bucket, Prefix: in.Prefix, Marker: in.Marker, MaxKeys: in.MaxKeys, Delimiter: in.Delimiter,
		IsTruncated: &more, Contents: found.objects, CommonPrefixes: found.prefixes,
	}
	if more {
		result.NextMarker = &found.next
	}
	return result, nil
}

// own copies a string of a request: a walk that is parked holds it when the library has used its memory
// again for another request.
func own(s *string) string { return strings.Clone(aws.ToString(s)) }
