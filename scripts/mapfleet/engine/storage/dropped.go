package storage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Objects of a bucket into which files may also be dropped have what was put with them, but the ETag of
// their file: one that is changed by hand is another object, whatever attributes it keeps.

func (b *buckets) headDropped(ctx context.Context, f *folder, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	same, err := f.head(in)
	if err != nil {
		return nil, err
	}
	plain := *in
	plain.IfMatch, plain.IfNoneMatch, plain.IfModifiedSince, plain.IfUnmodifiedSince = nil, nil, nil, nil
	out, err := b.Posix.HeadObject(ctx, &plain)
	if err != nil {
		return nil, err
	}
	out.ETag, out.LastModified, out.Metadata = same.ETag, same.LastModified, same.Metadata
	if aws.ToString(out.ContentType) == "" {
		out.ContentType = same.ContentType
	}
	return out, nil
}

func (b *buckets) getDropped(ctx context.Context, f *folder, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	same, err := f.head(headOf(in))
	if err != nil {
		return nil, err
	}
	plain := *in
	plain.IfMatch, plain.IfNoneMatch, plain.IfModifiedSince, plain.IfUnmodifiedSince = nil, nil, nil, nil
	out, err := b.Posix.GetObject(ctx, &plain)
	if err != nil {
		return nil, err
	}
	out.ETag, out.LastModified, out.Metadata = same.ETag, same.LastModified, same.Metadata
	if aws.ToString(out.ContentType) == "" {
		out.ContentType = same.ContentType
	}
	return out, nil
}
