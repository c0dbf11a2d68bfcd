package merge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
)

// stream makes the items and findings of a long file while they are read, and forgets what is written.
type stream struct {
	*fakeS3
	batches, each int
	parts         int
	heap          uint64 // the most in use while a part is sent
}

func (s *stream) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, options ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	if !strings.HasSuffix(*in.Prefix, checks.FindingsFolder) {
		return s.fakeS3.ListObjectsV2(ctx, in, options...)
	}
	out := &s3.ListObjectsV2Output{}
	for b := range s.batches {
		out.Contents = append(out.Contents, types.Object{Key: aws.String(fmt.Sprintf("%s%010d-x.jsonl", *in.Prefix, b*s.each+1))})
	}
	return out, nil
}

func (s *stream) GetObject(ctx context.Context, in *s3.GetObjectInput, options ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	var lines bytes.Buffer
	first := 1
	switch _, err := fmt.Sscanf((*in.Key)[strings.LastIndexByte(*in.Key, '/')+1:], "%010d-x.jsonl", &first); {
	case err == nil:
		for line := first; line < first+s.each; line++ {
			fmt.Fprintf(&lines, `{"line":%d,"code":"Timeout","message":"as told","milliseconds":{"total":1},"at":"2026-11-21T12:00:00Z","attempts":1}`+"\n", line)
		}
		return &s3.GetObjectOutput{Body: io.NopCloser(&lines)}, nil
	case strings.HasSuffix(*in.Key, checks.ItemsName):
		reader, writer := io.Pipe()
		go func() {
			for line := 1; line <= s.batches*s.each; line++ {
				if _, err := fmt.Fprintf(writer, `{"line":%d,"id":"c%d","url":"https://example.com/%s"}`+"\n", line, line, strings.Repeat("x", 200)); err != nil {
					return
				}
			}
			_ = writer.Close()
		}()
		return &s3.GetObjectOutput{Body: reader}, nil
	}
	return s.fakeS3.GetObject(ctx, in, options...)
}

func (s *stream) CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	return &s3.CreateMultipartUploadOutput{UploadId: aws.String("1")}, nil
}

func (s *stream) UploadPart(context.Context, *s3.UploadPartInput, ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	s.parts++
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.heap = max(s.heap, m.HeapAlloc)
	return &s3.UploadPartOutput{ETag: aws.String("part")}, nil
}

func (s *stream) CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	return &s3.CompleteMultipartUploadOutput{}, nil
}

// TestReport_in_constant_memory: a file of which all lines fail takes no more than the parts of two uploads
// and the objects that are read ahead.
func TestReport_in_constant_memory(t *testing.T) {
	const batches, each = 300, 250
	s := &stream{fakeS3: &fakeS3{objects: map[string]string{}}, batches: batches, each: each}
	plan := checks.Plan{
		Run: "r", File: "s3://files/in.csv", Output: "s3://files/out.jsonl", Lines: batches * each,
		Job:   checks.Job{Work: job.Location{Bucket: "work", Prefix: checks.WorkKey("r", "")}},
		Items: checks.Object{Bucket: "work", Key: checks.WorkKey("r", checks.ItemsName)}, Results: job.Location{Bucket: "work", Prefix: checks.WorkKey("r", checks.ResultsFolder)},
	}
	s.objects["work/"+checks.ReportKey("r", "plan.json")] = jsonLines(plan)
	reporter := &Reporter{S3: s, WorkBucket: "work"}
	summary, err := reporter.Report(t.Context(), account.Ended{Ended: job.Ended{Run: "r", Status: "ABORTED"}})
	if err != nil || summary.Failing != batches*each || s.parts < 5 {
		t.Fatalf("%d failing, %v, %d parts sent, want %d failing in some parts", summary.Failing, err, s.parts, batches*each)
	}
	if most := uint64(48 << 20); s.heap > most {
		t.Errorf("%d MB in use, want at most %d", s.heap>>20, most>>20)
	}
	t.Logf("%d MB in use at most, %d parts", s.heap>>20, s.parts)
}
