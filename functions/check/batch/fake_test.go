package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// fakeS3 is the bucket work. before is called ahead of every call, with "GET" or "PUT", without the lock.
type fakeS3 struct {
	mu      sync.Mutex
	objects map[string][]byte
	puts    int       // that were done
	tail    io.Reader // how every object ends
	before  func(ctx context.Context, verb string) error
}

func (f *fakeS3) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	if err := f.begin(ctx, "GET", *in.Bucket); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	body, ok := f.objects[*in.Key]
	if !ok {
		return nil, answer(404, "NoSuchKey")
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(io.MultiReader(bytes.NewReader(body), f.tail))}, nil
}

func (f *fakeS3) PutObject(ctx context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	if err := f.begin(ctx, "PUT", *in.Bucket); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(in.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.objects[*in.Key]; there && in.IfNoneMatch != nil {
		return nil, answer(412, "PreconditionFailed")
	}
	f.objects[*in.Key] = body
	f.puts++
	return &s3.PutObjectOutput{}, err
}

func (f *fakeS3) begin(ctx context.Context, verb, bucket string) error {
	if bucket != "work" {
		return answer(404, "NoSuchBucket")
	}
	if f.before == nil {
		return nil
	}
	return f.before(ctx, verb)
}

// fails makes calls of a verb fail.
func (f *fakeS3) fails(verb string, err error) {
	f.before = func(_ context.Context, made string) error {
		if made == verb {
			return err
		}
		return nil
	}
}

// answer is the SDK's error for an HTTP answer.
func answer(status int, code string) error {
	return &smithy.OperationError{ServiceID: "S3", OperationName: "Call", Err: &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}},
		Err:      &smithy.GenericAPIError{Code: code},
	}}}
}

// fakeSession answers by a function, and counts.
type fakeSession struct {
	mu       sync.Mutex
	asked    map[string]int // by URL
	at, most map[string]int // requests under way, now and at the most: by host, and "" for all
	closed   int
	answer   func(ctx context.Context, c checks.Check) (checks.Finding, error)
}

func (s *fakeSession) Ask(ctx context.Context, c checks.Check) (checks.Finding, error) {
	s.count(c, 1)
	defer s.count(c, -1)
	f := checks.Finding{ID: c.ID, URL: c.URL, Code: checks.OK, Status: 200, Attempts: 1}
	if s.answer == nil {
		return f, nil
	}
	return s.answer(ctx, c)
}

func (s *fakeSession) count(c checks.Check, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 0 {
		s.asked[c.URL]++
	}
	for _, name := range []string{"", c.Host()} {
		s.at[name] += n
		s.most[name] = max(s.most[name], s.at[name])
	}
}

func (s *fakeSession) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed++
}

// requests is how many were made.
func (s *fakeSession) requests() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, asked := range s.asked {
		n += asked
	}
	return n
}

// world is a worker over fakes, and the batch that it is given.
type world struct {
	*fakeS3
	*fakeSession
	worker *Worker
	batch  checks.Batch
}

func newWorld() *world {
	w := &world{
		fakeS3:      &fakeS3{objects: map[string][]byte{}, tail: strings.NewReader("")},
		fakeSession: &fakeSession{asked: map[string]int{}, at: map[string]int{}, most: map[string]int{}},
		batch:       checks.Batch{BatchInput: checks.BatchInput{Job: checks.Job{Run: "nightly", Work: job.Location{Bucket: "work", Prefix: "work/nightly/"}}}},
	}
	w.worker = &Worker{Store: w.fakeS3, Open: func() Session { return w.fakeSession }, Pace: 1}
	return w
}

// lines puts lines of JSON into the batch, numbered from 1.
func (w *world) lines(t testing.TB, lines ...string) {
	t.Helper()
	for _, line := range lines {
		var item checks.Item
		numbered := fmt.Sprintf(`{"line":%d,%s`, len(w.batch.Items)+1, strings.TrimPrefix(line, "{"))
		if err := json.Unmarshal([]byte(numbered), &item); err != nil {
			t.Fatal(err)
		}
		w.batch.Items = append(w.batch.Items, item)
	}
}

// hosts puts n lines into the batch, each to a host of its own, numbered as the lines.
func (w *world) hosts(t testing.TB, n int) {
	for range n {
		w.lines(t, fmt.Sprintf(`{"url":"http://%d.test/"}`, len(w.batch.Items)+1))
	}
}

// run works on the batch and holds what is true of every result: all items are accounted for, once; the
// account is that of the findings in the bucket; errors are of the types that the state machine knows.
func (w *world) run(t testing.TB, ctx context.Context) (checks.Result, error) {
	t.Helper()
	result, err := w.worker.Run(ctx, w.batch)
	switch err.(type) {
	case nil:
	case job.Throttled, job.Unavailable, job.AccessDenied, job.DestinationMissing, job.DestinationFull, job.InvalidInput:
		return result, err
	default:
		if err != context.Canceled && err != context.DeadlineExceeded {
			t.Errorf("Run fails with %T %v, a type that nobody knows", err, err)
		}
		return result, err
	}
	if result.Remaining == nil {
		t.Error("Remaining is nil, want a list")
	}
	findings := w.findings(t)
	round := checks.Tally{Rounds: 1}
	known := map[int]bool{}
	for i, f := range findings {
		if i > 0 && findings[i-1].Line >= f.Line {
			t.Errorf("line %d stands after line %d", f.Line, findings[i-1].Line)
		}
		round.Count(f)
		known[f.Line] = true
	}
	want := checks.Tally{}
	if w.batch.Earlier != nil {
		want = *w.batch.Earlier
	}
	want.Add(round)
	if got, want := asJSON(t, result.Done), asJSON(t, want); got != want || !result.Done.Balanced() {
		t.Errorf("the account is\n%s, the findings add up to\n%s", got, want)
	}
	for _, item := range result.Remaining {
		if known[item.Line] {
			t.Errorf("line %d is done and remains", item.Line)
		}
		known[item.Line] = true
	}
	if len(known) != len(w.batch.Items) {
		t.Errorf("%d of %d lines are accounted for", len(known), len(w.batch.Items))
	}
	return result, err
}

// done runs the batch and wants no error, and nothing left.
func (w *world) done(t testing.TB) checks.Tally {
	t.Helper()
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatalf("Run: %T %v", err, err)
	}
	if len(result.Remaining) > 0 {
		t.Errorf("%d lines are left over", len(result.Remaining))
	}
	return result.Done
}

// findings reads the object of the batch.
func (w *world) findings(t testing.TB) (findings []checks.Finding) {
	t.Helper()
	w.fakeS3.mu.Lock()
	defer w.fakeS3.mu.Unlock()
	decoder := json.NewDecoder(bytes.NewReader(w.objects[w.key()]))
	for {
		var f checks.Finding
		if err := decoder.Decode(&f); err == io.EOF {
			return findings
		} else if err != nil {
			t.Fatal(err)
		}
		findings = append(findings, f)
	}
}

func (w *world) key() string { return checks.FindingsKey("work/nightly/", w.batch.Items) }

// next makes the batch of the next round, as the state machine does: through JSON.
func (w *world) next(t testing.TB, result checks.Result) {
	t.Helper()
	data := asJSON(t, map[string]any{"Items": result.Remaining, "BatchInput": w.batch.BatchInput, "Earlier": result.Done})
	w.batch = checks.Batch{}
	if err := json.Unmarshal([]byte(data), &w.batch); err != nil {
		t.Fatal(err)
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
