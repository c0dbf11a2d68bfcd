package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/prepare/upload"
)

// fake holds objects by bucket/key, and counts what longer ones would have.
type fake struct {
	upload.Store
	objects map[string]string
	file    func() io.Reader // of every object below big/
	sent    int64            // bytes of parts
	heap    uint64           // the most in use while parts are sent
	refuse  map[string]error // by call and bucket/key, or the beginning of it
	aborted int              // uploads in parts that were taken back
}

// refused is what refuse says of a call.
func (f *fake) refused(call, at string) error {
	for prefix, err := range f.refuse {
		if strings.HasPrefix(call+" "+at, prefix) {
			return err
		}
	}
	return nil
}

func status(code int) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: fmt.Errorf("status %d", code),
	}}
}

func (f *fake) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	at := *in.Bucket + "/" + *in.Key
	if err := f.refused("GetObject", at); err != nil {
		return nil, err
	}
	if f.file != nil && strings.Contains(at, "/big/") {
		return &s3.GetObjectOutput{Body: io.NopCloser(f.file()), ETag: aws.String("big")}, nil
	}
	body, ok := f.objects[at]
	if !ok {
		return nil, status(http.StatusNotFound)
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(body)), ETag: aws.String(fmt.Sprint(len(body)))}, nil
}

func (f *fake) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	at := *in.Bucket + "/" + *in.Key
	if err := f.refused("PutObject", at); err != nil {
		return nil, err
	}
	if _, there := f.objects[at]; in.IfNoneMatch != nil && there {
		return nil, status(http.StatusPreconditionFailed)
	}
	body, err := io.ReadAll(in.Body)
	f.objects[at] = string(body)
	return &s3.PutObjectOutput{}, err
}

func (f *fake) DeleteObject(_ context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	delete(f.objects, *in.Bucket+"/"+*in.Key)
	return &s3.DeleteObjectOutput{}, nil
}

func (f *fake) CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	return &s3.CreateMultipartUploadOutput{UploadId: aws.String("1")}, nil
}

func (f *fake) UploadPart(_ context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	n, err := io.Copy(io.Discard, in.Body)
	f.sent += n
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.heap = max(f.heap, m.HeapAlloc)
	return &s3.UploadPartOutput{ETag: aws.String("part")}, err
}

func (f *fake) AbortMultipartUpload(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	f.aborted++
	return &s3.AbortMultipartUploadOutput{}, nil
}

func (f *fake) CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	return &s3.CompleteMultipartUploadOutput{}, nil
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func planner(objects map[string]string) (*Planner, *fake) {
	store := &fake{objects: objects}
	return &Planner{Store: store, Now: func() time.Time { return noon }, Deployment: checks.Deployment{
		WorkBucket: "work", Files: []string{"files"}, File: "s3://files/sites.csv",
		DefaultBatchSize: 100, MaxBatchSize: 1000, DefaultMaxConcurrency: 50, MaxMaxConcurrency: 500, StaleAfter: time.Hour,
	}}, store
}

func start(run, input string) job.Start {
	return job.Start{Run: run, Execution: "arn:" + run, Started: noon, Input: json.RawMessage(input)}
}

const sites = "id,url,retry\na,https://example.com/,true\nb,nonsense,\n\nc,https://example.org/,\n"

func TestPlan(t *testing.T) {
	p, store := planner(map[string]string{"files/sites.csv": sites})
	got, err := p.Plan(t.Context(), start("r1", `{}`))
	if err != nil {
		t.Fatal(err)
	}
	want := checks.Plan{
		Run: "r1", Execution: "arn:r1", Started: noon, File: "s3://files/sites.csv", Version: fmt.Sprint(len(sites)), Output: "s3://files/sites.results.csv",
		Lines: 3, Bad: 1, Job: checks.Job{Run: "r1", Work: job.Location{Bucket: "work", Prefix: "work/checks.r1/"}},
		Items: checks.Object{Bucket: "work", Key: "work/checks.r1/items.jsonl"}, Results: job.Location{Bucket: "work", Prefix: "work/checks.r1/results/"},
		Limits: checks.Limits{BatchSize: 100, MaxConcurrency: 50, ToleratedFailurePercentage: 100},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Plan differs (-want +got):\n%s", diff)
	}
	var kept checks.Plan
	if err := json.Unmarshal([]byte(store.objects["work/reports/checks.r1/plan.json"]), &kept); err != nil || cmp.Diff(want, kept) != "" {
		t.Errorf("plan.json: %v\n%s", err, cmp.Diff(want, kept))
	}
	var items []string
	for line := range strings.Lines(store.objects["work/work/checks.r1/items.jsonl"]) {
		var item checks.Item
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatal(err)
		}
		items = append(items, fmt.Sprintf("%d %s %s %t", item.Line, item.Check.ID, item.Check.URL, item.Refused != ""))
	}
	wantItems := []string{"2 a https://example.com/ false", "3 b  true", "5 c https://example.org/ false"}
	if diff := cmp.Diff(wantItems, items); diff != "" {
		t.Errorf("items differ (-want +got):\n%s", diff)
	}
}

// TestPlan_a_run_that_is_still_going_is_not_doubled: for a time nobody asks, then its execution is looked up.
func TestPlan_a_run_that_is_still_going_is_not_doubled(t *testing.T) {
	p, store := planner(map[string]string{"files/sites.csv": sites, "files/others.csv": sites})
	plan := func(run, input string, minute int) checks.Plan {
		t.Helper()
		p.Now = func() time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
		got, err := p.Plan(t.Context(), start(run, input))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := plan("at-noon", `{"staleAfter":"5m"}`, 0); got.Skip != "" {
		t.Fatalf("the first run is skipped: %s", got.Skip)
	}
	if got := plan("at-noon", `{"staleAfter":"5m"}`, 1); got.Skip != "" {
		t.Errorf("the first run, planned again, is skipped: %s", got.Skip)
	}
	got := plan("a-minute-later", `{}`, 1)
	if want := "run at-noon is still at work on s3://files/sites.csv, since 2026-11-21T12:01:00Z"; got.Skip != want {
		t.Errorf("Skip = %q, want %q", got.Skip, want)
	}
	if _, planned := store.objects["work/reports/checks.a-minute-later/plan.json"]; planned {
		t.Error("a run that is skipped has a plan.json")
	}
	if got := plan("of-others", `{"file":"s3://files/others.csv"}`, 1); got.Skip != "" {
		t.Errorf("a run over another file is skipped: %s", got.Skip)
	}
	for status, want := range map[string]bool{"RUNNING": true, "PENDING_REDRIVE": true, "": false, "SUCCEEDED": false, "FAILED": false, "TIMED_OUT": false, "ABORTED": false} {
		delete(store.objects, "work/"+checks.LockKey("s3://files/sites.csv"))
		plan("at-noon", `{"staleAfter":"5m"}`, 0)
		p.Executions = executions{"arn:at-noon": status}
		for _, minute := range []int{5, 24 * 60} {
			if got := plan("when-it-is-stale", `{}`, minute); (got.Skip != "") != want {
				t.Errorf("a run after the first one's time, which is %q: skipped %q", status, got.Skip)
			}
		}
	}
}

// executions are the statuses of executions by their ARNs; "" is of one that is not there.
type executions map[string]string

func (e executions) DescribeExecution(_ context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	switch status := e[*in.ExecutionArn]; status {
	case "":
		return nil, &types.ExecutionDoesNotExist{}
	case "AccessDeniedException", "ThrottlingException", "InternalFailure":
		return nil, &smithy.GenericAPIError{Code: status}
	default:
		return &sfn.DescribeExecutionOutput{Status: types.ExecutionStatus(status)}, nil
	}
}

// TestPlan_of_a_run_that_nobody_can_look_up: it may be going, so that the next one fails by name rather than
// going beside it.
func TestPlan_of_a_run_that_nobody_can_look_up(t *testing.T) {
	for code, want := range map[string]error{"AccessDeniedException": job.AccessDenied{}, "ThrottlingException": job.Throttled{}, "InternalFailure": job.Unavailable{}} {
		p, _ := planner(map[string]string{"files/sites.csv": sites})
		p.Executions = executions{"arn:first": code}
		if _, err := p.Plan(t.Context(), start("first", `{}`)); err != nil {
			t.Fatal(err)
		}
		p.Now = func() time.Time { return noon.Add(2 * time.Hour) }
		_, err := p.Plan(t.Context(), start("second", `{}`))
		if fmt.Sprintf("%T", err) != fmt.Sprintf("%T", want) || !strings.Contains(err.Error(), "arn:first") {
			t.Errorf("%s: Plan = %T %v, want %T", code, err, err, want)
		}
	}
}

func TestPlan_of_an_upload(t *testing.T) {
	p, _ := planner(map[string]string{"work/checks/mine.csv": sites})
	got, err := p.Plan(t.Context(), start("r1", `{"file":"s3://work/checks/mine.csv"}`))
	if err != nil || got.Output != "s3://work/checks/mine.results.csv" || got.Lines != 3 {
		t.Errorf("Plan = %s, %d lines, %v, want results beside the upload", got.Output, got.Lines, err)
	}
}

func TestPlan_refuses(t *testing.T) {
	for _, c := range []struct{ name, input, want string }{
		{"no object", `[]`, "a JSON object"},
		{"an unknown field", `{"filee":"x"}`, "no such field"},
		{"another bucket", `{"file":"s3://theirs/sites.csv"}`, "in one of the buckets files, work"},
		{"a file of mapfleet's own", `{"file":"s3://work/reports/r/failing.jsonl"}`, "in one of the buckets"},
		{"results as a file", `{"file":"s3://files/a.results.csv"}`, "not in .results.csv"},
		{"a file elsewhere in the work bucket", `{"file":"s3://work/mine.csv"}`, "of which work only below checks/"},
		{"an output elsewhere in the work bucket", `{"output":"s3://work/out.csv"}`, "of which work only below checks/"},
		{"an output among uploads", `{"output":"s3://work/checks/out.csv"}`, "below checks/ in .results.csv"},
		{"an output over the file", `{"output":"s3://files/sites.csv"}`, "other than the file"},
		{"a batch too large", `{"batchSize":1001}`, "a whole number from 1 to 1000"},
		{"a tolerance too large", `{"toleratedFailurePercentage":101}`, "a number from 0 to 100"},
		{"a short staleness", `{"staleAfter":"5s"}`, "from 1m0s to 24h0m0s"},
		{"a file without checks", `{"file":"s3://files/none.csv"}`, "one check or more"},
		{"a file without url", `{"file":"s3://files/nourl.csv"}`, "url among them"},
		{"a damaged file", `{"file":"s3://files/cut.csv.gz"}`, "a whole gzip file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner(map[string]string{"files/sites.csv": sites, "files/none.csv": "url\n", "files/nourl.csv": "id\n1\n", "files/cut.csv.gz": "\x1f\x8b\x08\x00"})
			_, err := p.Plan(t.Context(), start("r1", c.input))
			if _, ok := err.(job.InvalidInput); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Plan = %T %v, want a job.InvalidInput with %q", err, err, c.want)
			}
			for at := range store.objects {
				if strings.HasPrefix(at, "work/") {
					t.Errorf("it left %s", at)
				}
			}
		})
	}
}

func TestPlan_of_a_file_that_is_not_there(t *testing.T) {
	p, store := planner(map[string]string{})
	_, err := p.Plan(t.Context(), start("r1", `{}`))
	if _, ok := err.(job.SourceMissing); !ok {
		t.Errorf("Plan = %T %v, want a job.SourceMissing", err, err)
	}
	if len(store.objects) > 0 {
		t.Errorf("it left %v", store.objects)
	}
}

// TestPlan_in_constant_memory: a file of 40 MB takes no more than its parts do.
func TestPlan_in_constant_memory(t *testing.T) {
	p, store := planner(map[string]string{})
	line := []byte(`{"url":"https://example.com/` + strings.Repeat("x", 1000) + `"}` + "\n")
	const n = 40_000
	store.file = func() io.Reader {
		return io.LimitReader(&endless{line: line}, int64(n*len(line)))
	}
	plan, err := p.Plan(t.Context(), start("r1", `{"file":"s3://files/big/all.jsonl"}`))
	if err != nil || plan.Lines != n || store.sent < int64(n*len(line)) {
		t.Fatalf("Plan = %d lines, %v, and %d bytes sent", plan.Lines, err, store.sent)
	}
	if most := uint64(32 << 20); store.heap > most {
		t.Errorf("%d MB in use, want at most %d", store.heap>>20, most>>20)
	}
}

// endless repeats a line.
type endless struct {
	line []byte
	rest bytes.Reader
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest.Len() == 0 {
		e.rest.Reset(e.line)
	}
	return e.rest.Read(p)
}
