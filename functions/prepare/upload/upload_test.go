package upload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
)

// fakeS3 keeps one object. The call named fails fails.
type fakeS3 struct {
	object  []byte // nil: not there
	parts   [][]byte
	open    int // uploads
	fails   string
	fault   error
	aborted error // what the context of an abort said
}

func (f *fakeS3) err(call string) error {
	if f.fails == call {
		return f.fault
	}
	return nil
}

func (f *fakeS3) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if err := f.err("put"); err != nil {
		return nil, err
	}
	var err error
	f.object, err = io.ReadAll(in.Body)
	return &s3.PutObjectOutput{}, err
}

func (f *fakeS3) CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	if err := f.err("create"); err != nil {
		return nil, err
	}
	f.open++
	return &s3.CreateMultipartUploadOutput{UploadId: aws.String("u1")}, nil
}

func (f *fakeS3) UploadPart(_ context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	if err := f.err(fmt.Sprintf("part %d", *in.PartNumber)); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(in.Body)
	f.parts = append(f.parts, data)
	return &s3.UploadPartOutput{ETag: aws.String(fmt.Sprint(*in.PartNumber)), ChecksumCRC32: aws.String("sum")}, err
}

func (f *fakeS3) CompleteMultipartUpload(_ context.Context, in *s3.CompleteMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	if err := f.err("complete"); err != nil {
		return nil, err
	}
	for i, part := range in.MultipartUpload.Parts {
		if *part.PartNumber != int32(i+1) || *part.ETag != fmt.Sprint(i+1) || *part.ChecksumCRC32 != "sum" {
			return nil, errors.New("invalid part")
		}
		f.object = append(f.object, f.parts[i]...)
	}
	f.open--
	return &s3.CompleteMultipartUploadOutput{}, nil
}

func (f *fakeS3) AbortMultipartUpload(ctx context.Context, _ *s3.AbortMultipartUploadInput, _ ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	f.aborted = ctx.Err()
	f.open--
	return &s3.AbortMultipartUploadOutput{}, nil
}

// pattern is n bytes that differ from place to place.
func pattern(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return data
}

func TestObjectsOfAllLengths(t *testing.T) {
	for _, c := range []struct{ length, parts int }{
		{0, 0}, {1, 0}, {PartBytes - 1, 0}, {PartBytes, 0}, {PartBytes + 1, 2}, {2 * PartBytes, 2}, {3*PartBytes + 7, 4},
	} {
		for _, write := range []int{1 << 20, 100_003, 3 * PartBytes} {
			store, content := &fakeS3{}, pattern(c.length)
			o := New(t.Context(), store, "work", "k", "text/plain")
			for rest := content; len(rest) > 0; {
				n, err := o.Write(rest[:min(write, len(rest))])
				if err != nil || n != min(write, len(rest)) {
					t.Fatalf("Write = %d, %v", n, err)
				}
				rest = rest[n:]
			}
			if store.object != nil {
				t.Errorf("%d bytes: the object is there before it is closed", c.length)
			}
			if err := o.Close(); err != nil {
				t.Fatalf("%d bytes: Close: %v", c.length, err)
			}
			o.Abort() // as a deferred one does
			if !bytes.Equal(store.object, content) || len(store.parts) != c.parts || store.open != 0 {
				t.Errorf("%d bytes in writes of %d: %d are there, in %d parts, %d uploads open; want %d parts", c.length, write, len(store.object), len(store.parts), store.open, c.parts)
			}
			if o.Close() == nil {
				t.Error("it can be closed twice")
			}
		}
	}
}

func TestFaultLeavesNothingBehind(t *testing.T) {
	denied := &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: 403}}, Err: &smithy.GenericAPIError{Code: "AccessDenied"},
	}}
	for _, c := range []struct {
		call   string
		length int
	}{{"put", 5}, {"create", PartBytes + 1}, {"part 1", PartBytes + 1}, {"part 2", PartBytes + 1}, {"complete", PartBytes + 1}} {
		t.Run(c.call, func(t *testing.T) {
			store := &fakeS3{fails: c.call, fault: denied}
			ctx, cancel := context.WithCancel(t.Context())
			o := New(ctx, store, "work", "k", "text/plain")
			_, err := o.Write(pattern(c.length))
			if err == nil {
				err = o.Close()
			}
			if _, bare := err.(job.AccessDenied); !bare {
				t.Errorf("%T %v, want a bare AccessDenied", err, err)
			}
			cancel()
			o.Abort()
			if store.object != nil || store.open != 0 {
				t.Errorf("%d bytes and %d uploads are left", len(store.object), store.open)
			}
			if store.aborted != nil {
				t.Errorf("the abort of a cancelled run is cancelled itself: %v", store.aborted)
			}
		})
	}
	store := &fakeS3{fails: "part 1", fault: context.Canceled}
	o := New(t.Context(), store, "work", "k", "text/plain")
	if _, err := o.Write(pattern(PartBytes + 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled write: %v", err)
	}
}

// TestAbortOfNothingCallsNobody: an object of one part is not on its way before it is closed.
func TestAbortOfNothingCallsNobody(t *testing.T) {
	store := &fakeS3{}
	o := New(t.Context(), store, "work", "k", "text/plain")
	if _, err := o.Write(pattern(100)); err != nil {
		t.Fatal(err)
	}
	o.Abort()
	if store.open != 0 || store.object != nil {
		t.Errorf("%d uploads, %d bytes", store.open, len(store.object))
	}
}
