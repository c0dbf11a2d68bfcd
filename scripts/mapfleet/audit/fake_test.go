package audit

import (
	"bytes"
	"cmp"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/prepare/upload"
)

// object is one in the fake.
type object struct {
	body     []byte
	class    types.ObjectStorageClass
	metadata map[string]string
}

func (o object) etag() string { return fmt.Sprintf(`"%x"`, md5.Sum(o.body)) }

// fakeS3 holds objects by bucket and key, and hands them out in pages of three. Before each call,
// "HEAD photos/in/a.jpg", it asks fails.
type fakeS3 struct {
	upload.Store // of parts there is none

	mu      sync.Mutex
	buckets map[string]map[string]object
	calls   map[string]int
	fails   func(call string) error
}

func (f *fakeS3) begin(verb string, bucket, key *string) (map[string]object, error) {
	f.mu.Lock()
	call := verb + " " + *bucket + "/" + *key
	f.calls[call]++
	if f.fails != nil {
		if err := f.fails(call); err != nil {
			return nil, err
		}
	}
	objects, ok := f.buckets[*bucket]
	switch {
	case !ok && verb == "HEAD":
		return nil, answer(404, "NotFound")
	case !ok:
		return nil, answer(404, "NoSuchBucket")
	}
	return objects, nil
}

func (f *fakeS3) HeadObject(_ context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	objects, err := f.begin("HEAD", in.Bucket, in.Key)
	defer f.mu.Unlock()
	o, ok := objects[aws.ToString(in.Key)]
	if err == nil && !ok {
		err = answer(404, "NotFound")
	}
	return &s3.HeadObjectOutput{ETag: aws.String(o.etag()), Metadata: o.metadata}, err
}

func (f *fakeS3) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	objects, err := f.begin("GET", in.Bucket, in.Key)
	defer f.mu.Unlock()
	o, ok := objects[aws.ToString(in.Key)]
	var last int
	ranged, _ := fmt.Sscanf(aws.ToString(in.Range), "bytes=0-%d", &last)
	body := o.body
	switch {
	case err != nil:
	case !ok:
		err = answer(404, "NoSuchKey")
	case ranged == 1 && len(body) == 0:
		err = answer(416, "InvalidRange")
	case ranged == 1:
		body = body[:min(last+1, len(body))]
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(body)), ContentLength: aws.Int64(int64(len(body))), ETag: aws.String(o.etag()), Metadata: o.metadata}, err
}

func (f *fakeS3) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	objects, err := f.begin("PUT", in.Bucket, in.Key)
	defer f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	there, exists := objects[*in.Key]
	if in.IfNoneMatch != nil && exists || in.IfMatch != nil && (!exists || *in.IfMatch != there.etag()) {
		return nil, answer(412, "PreconditionFailed")
	}
	body, err := io.ReadAll(in.Body)
	objects[*in.Key] = object{body: body, metadata: in.Metadata}
	return &s3.PutObjectOutput{}, err
}

func (f *fakeS3) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	objects, err := f.begin("LIST", in.Bucket, in.Prefix)
	defer f.mu.Unlock()
	if err != nil {
		return nil, err
	}
	out := &s3.ListObjectsV2Output{IsTruncated: aws.Bool(false)}
	for _, key := range slices.Sorted(maps.Keys(objects)) {
		if !strings.HasPrefix(key, *in.Prefix) || key <= aws.ToString(in.ContinuationToken) {
			continue
		}
		if len(out.Contents) == int(cmp.Or(aws.ToInt32(in.MaxKeys), 3)) {
			out.IsTruncated, out.NextContinuationToken = aws.Bool(true), out.Contents[len(out.Contents)-1].Key
			break
		}
		o := objects[key]
		out.Contents = append(out.Contents, types.Object{
			Key: &key, ETag: aws.String(o.etag()), Size: aws.Int64(int64(len(o.body))), StorageClass: cmp.Or(o.class, types.ObjectStorageClassStandard),
			LastModified: aws.Time(time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)),
		})
	}
	return out, nil
}

// clone copies what is stored: what happens to the copy happens to it alone.
func (f *fakeS3) clone() *fakeS3 {
	c := &fakeS3{buckets: map[string]map[string]object{}, calls: map[string]int{}}
	for name, objects := range f.buckets {
		c.buckets[name] = maps.Clone(objects)
	}
	return c
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &smithy.OperationError{ServiceID: "S3", OperationName: "Call", Err: &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}}
}
