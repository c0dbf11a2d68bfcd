// Package upload writes an object of any length to S3 while it is made, in memory of one part: what is
// short goes up in one PUT when it is closed, what is longer in parts. The object is there whole once it
// is closed, or not at all.
package upload

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/fault"
)

// Store is the part of S3 that an Object uses. *s3.Client is one.
type Store interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error)
	UploadPart(context.Context, *s3.UploadPartInput, ...func(*s3.Options)) (*s3.UploadPartOutput, error)
	CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error)
	AbortMultipartUpload(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error)
}

// PartBytes is the length of a part, and the memory that an Object takes. With the 10,000 parts that S3
// allows (A55 of package asl) it makes 84 GB.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const PartBytes = 8 << 20

// abortTime is how long Abort may take, also of a run that is over.
const abortTime = 10 * time.Second

// Object is an object on its way. One goroutine at a time may use it.
type Object struct {
	ctx         context.Context
	store       Store
	bucket, key string
	contentType string

	buffer []byte
	id     string // of the multipart upload; empty before there is a second part
	parts  []types.CompletedPart
	ended  bool
}

// New begins an object. The caller ends it by Close or by Abort. Errors of its methods are as package
// fault names them.
func New(ctx context.Context, store Store, bucket, key, contentType string) *Object {
	return &Object{ctx: ctx, store: store, bucket: bucket, key: key, contentType: contentType}
}

// Write takes p, and sends what fills a part.
func (o *Object) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if len(o.buffer) == PartBytes {
			if err := o.send(); err != nil {
				return written, err
			}
		}
		n := min(len(p), PartBytes-len(o.buffer))
		o.buffer = append(o.buffer, p[:n]...)
		p, written = p[n:], written+n
	}
	return written, nil
}

// send sends the buffer as the next part.
func (o *Object) send() error {
	if o.id == "" {
		out, err := o.store.CreateMultipartUpload(o.ctx, &s3.CreateMultipartUploadInput{
			Bucket: &o.bucket, Key: &o.key, ContentType: &o.contentType, ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		})
		if err != nil {
			return o.fault(err)
		}
		o.id = aws.ToString(out.UploadId)
	}
	number := int32(len(o.parts) + 1)
	out, err := o.store.UploadPart(o.ctx, &s3.UploadPartInput{
		Bucket: &o.bucket, Key: &o.key, UploadId: &o.id, PartNumber: &number, Body: bytes.NewReader(o.buffer),
		ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
	})
	if err != nil {
		return o.fault(err)
	}
	o.parts = append(o.parts, types.CompletedPart{PartNumber: &number, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32})
	o.buffer = o.buffer[:0]
	return nil
}

// Close sends what is left, and makes the object appear. If it fails, the caller must Abort.
func (o *Object) Close() error {
	if o.ended {
		return fmt.Errorf("close s3://%s/%s: it is closed already", o.bucket, o.key)
	}
	if o.id == "" {
		_, err := o.store.PutObject(o.ctx, &s3.PutObjectInput{
			Bucket: &o.bucket, Key: &o.key, ContentType: &o.contentType, Body: bytes.NewReader(o.buffer),
		})
		o.ended = err == nil
		return o.fault(err)
	}
	if err := o.send(); err != nil {
		return err
	}
	_, err := o.store.CompleteMultipartUpload(o.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &o.bucket, Key: &o.key, UploadId: &o.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: o.parts},
	})
	o.ended = err == nil
	return o.fault(err)
}

// Abort takes back what was sent. On an Object that is closed it does nothing, so that it may be
// deferred. It has no error to return: parts that stay behind are removed by the bucket's lifecycle rule.
func (o *Object) Abort() {
	if o.ended || o.id == "" {
		return
	}
	o.ended = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(o.ctx), abortTime)
	defer cancel()
	_, _ = o.store.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &o.bucket, Key: &o.key, UploadId: &o.id})
}

// fault names err. All of these calls are allowed by s3:PutObject.
func (o *Object) fault(err error) error { return fault.Of("PutObject", o.bucket, o.key, err) }
