package plan

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// fakeS3 holds objects by bucket/key. A call such as "PUT work/reports/r/plan.json" fails by faults.
type fakeS3 struct {
	objects   map[string]string
	faults    map[string]error
	stream    io.Reader // the next object that is read, if set
	truncated bool      // of every listing
}

func (f *fakeS3) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	content, ok := f.objects[*in.Bucket+"/"+*in.Key]
	switch err := f.faults["GET "+*in.Bucket+"/"+*in.Key]; {
	case err != nil:
		return nil, err
	case f.stream != nil:
		return &s3.GetObjectOutput{Body: io.NopCloser(f.stream)}, nil
	case !ok:
		return nil, answer(404, "NoSuchKey")
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(content))}, nil
}

func (f *fakeS3) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	at := *in.Bucket + "/" + *in.Key
	if err := f.faults["PUT "+at]; err != nil {
		return nil, err
	}
	content, err := io.ReadAll(in.Body)
	f.objects[at] = string(content)
	return &s3.PutObjectOutput{}, err
}

func (f *fakeS3) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	out := &s3.ListObjectsV2Output{IsTruncated: &f.truncated}
	for at := range f.objects {
		if strings.HasPrefix(at, *in.Bucket+"/"+*in.Prefix) && len(out.Contents) < int(*cmp.Or(in.MaxKeys, aws.Int32(1000))) {
			out.Contents = append(out.Contents, types.Object{Key: &at})
		}
	}
	return out, f.faults["LIST "+*in.Bucket+"/"+*in.Prefix]
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}
}
