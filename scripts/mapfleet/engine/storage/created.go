package storage

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/versity/versitygw/s3err"
	"github.com/versity/versitygw/s3response"
)

// Created tells of an object that was put, copied or completed.
type Created struct {
	Bucket, Key string
	ETag        string // without quotes
	Size        int64  // bytes
	Time        time.Time
	Reason      string // the call: PutObject, CopyObject or CompleteMultipartUpload
}

// PutObject is refused in a bucket that is only read.
func (b *buckets) PutObject(ctx context.Context, in s3response.PutObjectInput) (s3response.PutObjectOutput, error) {
	if err := b.writable(*in.Bucket); err != nil {
		return s3response.PutObjectOutput{}, err
	}
	out, err := b.Posix.PutObject(ctx, in)
	if err == nil {
		out.ETag = b.tell(*in.Bucket, *in.Key, out.ETag, "PutObject")
	}
	return out, err
}

// CopyObject copies within and between the buckets that are written.
func (b *buckets) CopyObject(ctx context.Context, in s3response.CopyObjectInput) (s3response.CopyObjectOutput, error) {
	if err := b.writable(*in.Bucket); err != nil {
		return s3response.CopyObjectOutput{}, err
	}
	out, err := b.Posix.CopyObject(ctx, in)
	if err == nil && out.CopyObjectResult != nil {
		etag := ""
		if out.CopyObjectResult.ETag != nil {
			etag = *out.CopyObjectResult.ETag
		}
		etag = b.tell(*in.Bucket, *in.Key, etag, "CopyObject")
		out.CopyObjectResult.ETag = &etag
	}
	return out, err
}

// CreateMultipartUpload is refused in a bucket that is only read.
func (b *buckets) CreateMultipartUpload(ctx context.Context, in s3response.CreateMultipartUploadInput) (s3response.InitiateMultipartUploadResult, error) {
	if err := b.writable(*in.Bucket); err != nil {
		return s3response.InitiateMultipartUploadResult{}, err
	}
	return b.Posix.CreateMultipartUpload(ctx, in)
}

// CompleteMultipartUpload is where the object of an upload in parts appears.
func (b *buckets) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (s3response.CompleteMultipartUploadResult, string, error) {
	out, version, err := b.Posix.CompleteMultipartUpload(ctx, in)
	if err == nil {
		etag := ""
		if out.ETag != nil {
			etag = *out.ETag
		}
		etag = b.tell(*in.Bucket, *in.Key, etag, "CompleteMultipartUpload")
		out.ETag = &etag
	}
	return out, version, err
}

// DeleteObject is refused in a bucket that is only read.
func (b *buckets) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
	if err := b.writable(*in.Bucket); err != nil {
		return nil, err
	}
	return b.Posix.DeleteObject(ctx, in)
}

// DeleteObjects is refused in a bucket that is only read.
func (b *buckets) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput) (s3response.DeleteResult, error) {
	if err := b.writable(*in.Bucket); err != nil {
		return s3response.DeleteResult{}, err
	}
	return b.Posix.DeleteObjects(ctx, in)
}

func (b *buckets) writable(bucket string) error {
	if b.readOnly[bucket] != nil {
		return s3err.GetAPIError(s3err.ErrAccessDenied)
	}
	return nil
}

// tell says that an object was made, and returns its ETag.
func (b *buckets) tell(bucket, key, etag, reason string) string {
	f := b.listed[bucket]
	if f == nil {
		return etag
	}
	dropped := b.dropped[bucket] != nil
	if b.created == nil && !dropped {
		return etag
	}
	info, err := os.Stat(filepath.Join(f.root, filepath.FromSlash(key)))
	if err != nil {
		return etag // gone again
	}
	if dropped {
		etag = f.etag(file{key, info})
	}
	if b.created != nil {
		size := info.Size()
		if info.IsDir() { // a key that ends with a slash
			size = 0
		}
		// The library uses the memory of a request's strings again for the next one.
		b.created(Created{Bucket: strings.Clone(bucket), Key: strings.Clone(key), ETag: strings.Trim(etag, `"`), Size: size, Time: info.ModTime(), Reason: reason})
	}
	return etag
}
