package storage

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// buckets is versitygw's backend over folders, with these differences: there are the buckets of the local
// engine and no others; listings go on from where the last page ended instead of starting over; a bucket
// in readOnly is served from its folder as it stands; and created is told of every object that is
// made. Of a readOnly bucket the library itself knows nothing, so that no call that is not here can
// write into a person's own folder: it answers NoSuchBucket.
type buckets struct {
	*posix.Posix
	readOnly map[string]*folder
	dropped  map[string]*folder // buckets whose files may have come otherwise than by a put
	listed   map[string]*folder // all buckets
	created  func(Created)
}

// ListBuckets tells all at once.
func (b *buckets) ListBuckets(_ context.Context, in s3response.ListBucketsInput) (s3response.ListAllMyBucketsResult, error) {
	result := s3response.ListAllMyBucketsResult{Owner: s3response.CanonicalUser{ID: in.Owner}}
	for _, name := range slices.Sorted(maps.Keys(b.listed)) {
		created, err := b.listed[name].modified()
		if err != nil {
			return s3response.ListAllMyBucketsResult{}, err
		}
		result.Buckets.Bucket = append(result.Buckets.Bucket, s3response.ListAllMyBucketsEntry{Name: name, BucketRegion: Region, CreationDate: created})
	}
	return result, nil
}

// CreateBucket is refused: a bucket that is there already answers so, as on AWS.
func (b *buckets) CreateBucket(_ context.Context, in *s3.CreateBucketInput, _ []byte) error {
	if b.listed[*in.Bucket] != nil {
		return s3err.GetBucketErr(s3err.ErrBucketAlreadyOwnedByYou, *in.Bucket)
	}
	return s3err.GetAPIError(s3err.ErrAccessDenied)
}

// DeleteBucket is refused.
func (b *buckets) DeleteBucket(context.Context, string) error {
	return s3err.GetAPIError(s3err.ErrAccessDenied)
}

// GetBucketAcl comes before every other call: other folders beside the buckets are none.
//
//lint:ignore ST1003 versitygw's interface has this name
func (b *buckets) GetBucketAcl(ctx context.Context, in *s3.GetBucketAclInput) ([]byte, error) {
	switch {
	case b.readOnly[*in.Bucket] != nil:
		return nil, nil
	case b.listed[*in.Bucket] == nil:
		return nil, s3err.GetBucketErr(s3err.ErrNoSuchBucket, *in.Bucket)
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
	if f := b.dropped[*in.Bucket]; f != nil {
		return b.headDropped(ctx, f, in)
	}
	out, err := b.Posix.HeadObject(ctx, in)
	return out, refusal(err)
}

func (b *buckets) GetObject(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
	if f := b.readOnly[*in.Bucket]; f != nil {
		return f.get(in)
	}
	if f := b.dropped[*in.Bucket]; f != nil {
		return b.getDropped(ctx, f, in)
	}
	out, err := b.Posix.GetObject(ctx, in)
	return out, refusal(err)
}

// GetObjectLockConfiguration comes before every put, which then tells that it is refused.
func (b *buckets) GetObjectLockConfiguration(ctx context.Context, bucket string) ([]byte, error) {
	if b.readOnly[bucket] != nil {
		return nil, s3err.GetBucketErr(s3err.ErrObjectLockConfigurationNotFound, bucket)
	}
	return b.Posix.GetObjectLockConfiguration(ctx, bucket)
}
