package mapruns

import (
	"context"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
)

// S3 is the part of S3 that reports are made with. *s3.Client is one.
type S3 interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// Store is S3 with errors as package fault names them.
type Store struct{ S3 }

// Open returns an object's content; the caller closes it. Its read errors are named, too.
func (s Store) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := s.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, fault.Of("GetObject", bucket, key, err)
	}
	return namedBody{out.Body, bucket, key}, nil
}

// Read returns an object's whole content.
func (s Store) Read(ctx context.Context, bucket, key string) ([]byte, error) {
	body, err := s.Open(ctx, bucket, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

// Put writes an object.
func (s Store) Put(ctx context.Context, bucket, key, contentType string, body io.Reader) error {
	_, err := s.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &bucket, Key: &key, Body: body,
		ContentType:  &contentType,
		CacheControl: aws.String("no-cache"), // a redriven run writes its report anew
	})
	return fault.Of("PutObject", bucket, key, err)
}

// List returns the keys below the folder that end in suffix, in S3's order.
func (s Store) List(ctx context.Context, bucket, folder, suffix string) ([]string, error) {
	prefix := strings.TrimSuffix(folder, "/") + "/" // else run-1 would also list run-10
	var keys []string
	pages := s3.NewListObjectsV2Paginator(s, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fault.Of("ListObjectsV2", bucket, prefix, err)
		}
		for _, object := range page.Contents {
			if key := aws.ToString(object.Key); strings.HasSuffix(key, suffix) {
				keys = append(keys, key)
			}
		}
	}
	return keys, nil
}

// namedBody names the errors of a connection that breaks while an object is read.
type namedBody struct {
	io.ReadCloser
	bucket, key string
}

func (b namedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = fault.Of("GetObject", b.bucket, b.key, err)
	}
	return n, err
}
