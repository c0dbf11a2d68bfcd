package plan

import (
	"cmp"
	"context"
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

// fakeS3 holds objects by bucket/key. A call such as "PUT work/reports/r/plan.json" fails by faults.
type fakeS3 struct {
	objects   map[string]string
	faults    map[string]error
	stream    io.Reader // the next object that is read, if set
	truncated bool      // of every listing
	page      int       // keys of a page; 0: 1000
	classes   map[string]types.ObjectStorageClass

	mu      sync.Mutex
	listed  map[string]int // pages by prefix
	uploads int            // multipart uploads that are neither whole nor aborted
	parts   int64          // bytes
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

// ListObjectsV2 lists in S3's order, pages of MaxKeys keys and common prefixes.
func (f *fakeS3) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.listed == nil {
		f.listed = map[string]int{}
	}
	f.listed[*in.Prefix]++
	out := &s3.ListObjectsV2Output{IsTruncated: &f.truncated}
	after, delimiter := aws.ToString(in.ContinuationToken), aws.ToString(in.Delimiter)
	for _, at := range slices.Sorted(maps.Keys(f.objects)) {
		key, ok := strings.CutPrefix(at, *in.Bucket+"/")
		if !ok || !strings.HasPrefix(key, *in.Prefix) || key <= after || delimiter != "" && len(after) > len(*in.Prefix) && strings.HasSuffix(after, delimiter) && strings.HasPrefix(key, after) {
			continue
		}
		if len(out.Contents)+len(out.CommonPrefixes) == int(cmp.Or(aws.ToInt32(in.MaxKeys), int32(f.page), 1000)) {
			out.IsTruncated, out.NextContinuationToken = aws.Bool(true), &after
			break
		}
		if head, _, found := strings.Cut(key[len(*in.Prefix):], delimiter); found && delimiter != "" {
			after = *in.Prefix + head + delimiter
			if n := len(out.CommonPrefixes); n == 0 || *out.CommonPrefixes[n-1].Prefix != after {
				out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(after)})
			}
			continue
		}
		after = key
		out.Contents = append(out.Contents, types.Object{Key: &key, ETag: aws.String(`"e"`), Size: aws.Int64(int64(len(f.objects[at]))), StorageClass: f.classes[at]})
	}
	return out, f.faults["LIST "+*in.Bucket+"/"+*in.Prefix]
}

func (f *fakeS3) CreateMultipartUpload(_ context.Context, in *s3.CreateMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	f.uploads++
	return &s3.CreateMultipartUploadOutput{UploadId: aws.String("u")}, f.faults["CREATE "+*in.Bucket+"/"+*in.Key]
}

// UploadPart throws parts away, and counts their bytes.
func (f *fakeS3) UploadPart(_ context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	n, err := io.Copy(io.Discard, in.Body)
	f.parts += n
	return &s3.UploadPartOutput{ETag: aws.String("p")}, cmp.Or(err, f.faults["PART "+*in.Bucket+"/"+*in.Key])
}

func (f *fakeS3) CompleteMultipartUpload(_ context.Context, in *s3.CompleteMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	f.uploads--
	f.objects[*in.Bucket+"/"+*in.Key] = "in parts"
	return &s3.CompleteMultipartUploadOutput{}, nil
}

func (f *fakeS3) AbortMultipartUpload(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	f.uploads--
	return &s3.AbortMultipartUploadOutput{}, nil
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}
}
