package batch

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// object is one in the fake.
type object struct {
	body                                                           []byte
	etag                                                           string // with quotes; by default that of the body
	contentType, cacheControl, contentDisposition, contentLanguage string
	metadata                                                       map[string]string
}

// fakeS3 keeps S3's word on conditional puts, missing buckets, and the size of keys and metadata. It
// may be used by many goroutines; before is called ahead of every call, without the lock.
type fakeS3 struct {
	mu      sync.Mutex
	buckets map[string]map[string]object
	calls   map[string]int // "GET photos/in/a.jpg"
	before  func(ctx context.Context, call string) error
	unsized bool // answers do not tell their length
	// body is what a GET brings of an object's bytes; nil: all of them.
	body func(ctx context.Context, key string, body []byte) io.Reader
}

func (f *fakeS3) begin(ctx context.Context, verb string, bucket, key *string) (objects map[string]object, err error) {
	call := verb + " " + *bucket + "/" + *key
	if f.before != nil {
		err = f.before(ctx, call)
	}
	f.mu.Lock()
	f.calls[call]++
	objects, ok := f.buckets[*bucket]
	switch {
	case err != nil:
	case !ok && verb == "HEAD":
		err = answer(404, "NotFound")
	case !ok:
		err = answer(404, "NoSuchBucket")
	case len(*key) > 1024:
		err = answer(400, "KeyTooLongError")
	}
	return objects, err
}

func (f *fakeS3) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	objects, err := f.begin(ctx, "GET", in.Bucket, in.Key)
	defer f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	o, ok := objects[*in.Key]
	if !ok {
		return nil, answer(404, "NoSuchKey")
	}
	out := &s3.GetObjectOutput{
		Body: io.NopCloser(bytes.NewReader(o.body)), ETag: &o.etag, Metadata: o.metadata, ContentLength: aws.Int64(int64(len(o.body))),
		CacheControl: some(o.cacheControl), ContentDisposition: some(o.contentDisposition), ContentLanguage: some(o.contentLanguage),
	}
	if f.body != nil && *in.Bucket == "photos" {
		out.Body = io.NopCloser(f.body(ctx, *in.Key, o.body))
	}
	if f.unsized {
		out.ContentLength = nil
	}
	return out, nil
}

func (f *fakeS3) HeadObject(ctx context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	objects, err := f.begin(ctx, "HEAD", in.Bucket, in.Key)
	defer f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	o, ok := objects[*in.Key]
	if !ok {
		return nil, answer(404, "NotFound")
	}
	return &s3.HeadObjectOutput{ETag: &o.etag, Metadata: o.metadata}, nil
}

func (f *fakeS3) PutObject(ctx context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	objects, err := f.begin(ctx, "PUT", in.Bucket, in.Key)
	defer f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	size := 0
	for name, value := range in.Metadata {
		size += len(name) + len(value)
	}
	there, exists := objects[*in.Key]
	switch {
	case in.IfMatch != nil && *in.IfMatch == "":
		return nil, answer(400, "InvalidArgument")
	case size > 2048:
		return nil, answer(400, "MetadataTooLarge")
	case in.IfNoneMatch != nil && exists, in.IfMatch != nil && exists && *in.IfMatch != there.etag:
		return nil, answer(412, "PreconditionFailed")
	case in.IfMatch != nil && !exists:
		return nil, answer(404, "NoSuchKey")
	}
	body, err := io.ReadAll(in.Body)
	objects[*in.Key] = object{
		body: body, etag: etag(body), metadata: in.Metadata, contentType: aws.ToString(in.ContentType),
		cacheControl: aws.ToString(in.CacheControl), contentDisposition: aws.ToString(in.ContentDisposition), contentLanguage: aws.ToString(in.ContentLanguage),
	}
	f.calls["put"]++ // those that were done
	f.calls["put "+*in.Bucket]++
	return &s3.PutObjectOutput{}, err
}

// count returns how often a call was made.
func (f *fakeS3) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[call]
}

// put stores an object past all conditions.
func (f *fakeS3) put(bucket, key string, o object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.etag == "" {
		o.etag = etag(o.body)
	}
	f.buckets[bucket][key] = o
}

// fails makes one call fail for ever.
func (f *fakeS3) fails(call string, err error) {
	f.before = func(_ context.Context, made string) error {
		if made == call {
			return err
		}
		return nil
	}
}

// takes makes every GET take so long, or until its context ends.
func (f *fakeS3) takes(d time.Duration) {
	f.before = func(ctx context.Context, call string) error {
		if call[:4] != "GET " {
			return nil
		}
		select {
		case <-ctx.Done():
			return &smithy.OperationError{ServiceID: "S3", OperationName: "GetObject", Err: &smithy.CanceledError{Err: ctx.Err()}}
		case <-time.After(d):
			return nil
		}
	}
}

func etag(body []byte) string { return fmt.Sprintf(`"%x"`, md5.Sum(body)) }

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &smithy.OperationError{ServiceID: "S3", OperationName: "Call", Err: &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}}
}
