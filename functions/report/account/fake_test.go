package account

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// fakeS3 holds objects by bucket/key. A call on a place in faults fails by it.
type fakeS3 struct {
	mu      sync.Mutex
	objects map[string]string
	faults  map[string]error
	streams map[string]func() io.Reader // content that is made while it is read
}

func (f *fakeS3) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := *in.Bucket + "/" + *in.Key
	if err := f.faults["GET "+at]; err != nil {
		return nil, err
	}
	if stream, ok := f.streams[at]; ok {
		return &s3.GetObjectOutput{Body: io.NopCloser(stream())}, nil
	}
	content, ok := f.objects[at]
	if !ok {
		return nil, answer(404, "NoSuchKey")
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(content))}, nil
}

func (f *fakeS3) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := *in.Bucket + "/" + *in.Key
	if err := f.faults["PUT "+at]; err != nil {
		return nil, err
	}
	content, err := io.ReadAll(in.Body)
	f.objects[at] = string(content)
	return &s3.PutObjectOutput{}, err
}

// ListObjectsV2 gives one key a page.
func (f *fakeS3) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	for _, at := range slices.Sorted(maps.Keys(f.objects)) {
		key, ok := strings.CutPrefix(at, *in.Bucket+"/")
		if ok && strings.HasPrefix(key, *in.Prefix) && key > aws.ToString(in.ContinuationToken) {
			return &s3.ListObjectsV2Output{Contents: []types.Object{{Key: &key}}, IsTruncated: aws.Bool(true), NextContinuationToken: &key}, nil
		}
	}
	return &s3.ListObjectsV2Output{}, f.faults["LIST"]
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}
}

// putJSON stores values as JSON Lines.
func (f *fakeS3) putJSON(at string, values ...any) {
	var lines bytes.Buffer
	for _, v := range values {
		data, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		lines.Write(append(data, '\n'))
	}
	f.objects[at] = lines.String()
}
