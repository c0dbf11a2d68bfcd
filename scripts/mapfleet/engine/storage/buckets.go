package storage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// buckets is versitygw's backend over folders, with two differences: a bucket in readOnly is served
// from its folder as it stands, and listings of all buckets go on from where the last page ended
// instead of starting over. Of a readOnly bucket the library itself knows nothing, so that no call that
// is not here can write into a person's own folder: it answers NoSuchBucket.
type buckets struct {
	*posix.Posix
	readOnly map[string]*folder
	listed   map[string]*folder // all buckets
}

//lint:ignore ST1003 versitygw's interface has this name
func (b *buckets) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	if b.readOnly[*in.Bucket] != nil {
		return nil, nil
	}
	return b.Posix.GetBucketAcl(ctx, in)
}

func (b *buckets) GetBucketPolicy(ctx context.Context, bucket string) ([]byte, error) {
	if b.readOnly[bucket] != nil {
		return nil, s3err.GetBucketErr(s3err.ErrNoSuchBucketPolicy, bucket)
	}
	return b.Posix.GetBucketPolicy(ctx, bucket)
}

func (b *buckets) HeadBucket(ctx context.Context, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	if b.readOnly[*in.Bucket] != nil {
		return &s3.HeadBucketOutput{}, nil
	}
	return b.Posix.HeadBucket(ctx, in)
}

func (b *buckets) HeadObject(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
	if f := b.readOnly[*in.Bucket]; f != nil {
		return f.head(in)
	}
	return b.Posix.HeadObject(ctx, in)
}

func (b *buckets) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	if f := b.readOnly[*in.Bucket]; f != nil {
		return f.get(in)
	}
	return b.Posix.GetObject(ctx, in)
}

// ListObjectsV2 lists without a delimiter by its own walk; with one, versitygw does.
func (b *buckets) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input) (s3response.ListObjectsV2Result, error) {
	f := b.listed[*in.Bucket]
	if f == nil || aws.ToString(in.Delimiter) != "" {
		return b.Posix.ListObjectsV2(ctx, in)
	}
	limit := int(aws.ToInt32(in.MaxKeys))
	after := max(aws.ToString(in.ContinuationToken), aws.ToString(in.StartAfter))
	objects, more, err := f.list(ctx, aws.ToString(in.Prefix), after, limit)
	if err != nil {
		return s3response.ListObjectsV2Result{}, err
	}
	result := s3response.ListObjectsV2Result{
		Name: in.Bucket, Prefix: in.Prefix, StartAfter: in.StartAfter, ContinuationToken: in.ContinuationToken,
		KeyCount: aws.Int32(int32(len(objects))), MaxKeys: in.MaxKeys, Delimiter: in.Delimiter,
		IsTruncated: &more, Contents: objects,
	}
	if more {
		result.NextContinuationToken = objects[len(objects)-1].Key
	}
	return result, nil
}
