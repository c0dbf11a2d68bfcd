package merge

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/prepare/upload"
	"mapfleet/functions/report/account"
)

// fakeS3 holds objects by bucket/key. A listing has two keys a page.
type fakeS3 struct {
	upload.Store // no object here is as long as a part
	mu           sync.Mutex
	objects      map[string]string
	faults       map[string]int    // statuses by what a call begins with
	meanwhile    map[string]func() // happens once, before a call
	kept         string            // the code with which DeleteObjects keeps its first key; "": it keeps none
}

func status(code int) error {
	return &awshttp.ResponseError{ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: code}}, Err: fmt.Errorf("status %d", code),
	}}
}

func (f *fakeS3) fault(call string) error {
	for begin, code := range f.faults {
		if strings.HasPrefix(call, begin) {
			return status(code)
		}
	}
	return nil
}

func (f *fakeS3) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := *in.Bucket + "/" + *in.Key
	body, ok := f.objects[at]
	if !ok {
		return nil, status(http.StatusNotFound)
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(body)), ETag: aws.String("1")}, f.fault("GET " + at)
}

func (f *fakeS3) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := *in.Bucket + "/" + *in.Key
	if happens := f.meanwhile["PUT "+at]; happens != nil {
		delete(f.meanwhile, "PUT "+at)
		f.mu.Unlock()
		happens()
		f.mu.Lock()
	}
	if err := f.fault("PUT " + at); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(in.Body)
	f.objects[at] = string(body)
	return &s3.PutObjectOutput{}, err
}

func (f *fakeS3) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.fault("LIST " + *in.Bucket + "/" + *in.Prefix); err != nil {
		return nil, err
	}
	var page []types.Object
	for _, at := range slices.Sorted(maps.Keys(f.objects)) {
		key, ok := strings.CutPrefix(at, *in.Bucket+"/")
		if ok && strings.HasPrefix(key, *in.Prefix) && key > aws.ToString(in.ContinuationToken) {
			if page = append(page, types.Object{Key: &key}); len(page) == 2 {
				return &s3.ListObjectsV2Output{Contents: page, IsTruncated: aws.Bool(true), NextContinuationToken: &key}, nil
			}
		}
	}
	return &s3.ListObjectsV2Output{Contents: page}, nil
}

func (f *fakeS3) DeleteObject(_ context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.objects, *in.Bucket+"/"+*in.Key)
	return &s3.DeleteObjectOutput{}, nil
}

func (f *fakeS3) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput, _ ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	if err := f.fault("DELETE"); err != nil {
		return nil, err
	}
	if f.kept != "" {
		return &s3.DeleteObjectsOutput{Errors: []types.Error{{Key: in.Delete.Objects[0].Key, Code: &f.kept}}}, nil
	}
	for _, o := range in.Delete.Objects {
		if _, err := f.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: in.Bucket, Key: o.Key}); err != nil {
			return nil, err
		}
	}
	return &s3.DeleteObjectsOutput{}, nil
}

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// world is a bucket, and a file of checks that runs go over, a minute after another.
type world struct {
	s3     *fakeS3
	file   []string // the identity of each line; "" is a bad one
	query  string   // of every URL
	plain  bool     // lines have no ids
	posts  []int    // lines that ask by POST
	output string
	edited int // how often the file was
	runs   int
}

func newWorld(lines int) *world {
	w := &world{s3: &fakeS3{objects: map[string]string{}, faults: map[string]int{}}, output: "s3://files/out.jsonl"}
	for n := 1; n <= lines; n++ {
		w.file = append(w.file, fmt.Sprint("c", n))
	}
	return w
}

func jsonLines(values ...any) string {
	var out bytes.Buffer
	for _, v := range values {
		data, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		out.Write(append(data, '\n'))
	}
	return out.String()
}

// run is a run whose workers have found what the map says of its lines; the others are OK.
type run struct {
	*world
	plan   checks.Plan
	tally  checks.Tally
	output []any // the records of batches
}

func (w *world) begin() *run {
	w.runs++
	name := fmt.Sprint("run-", w.runs)
	r := &run{world: w, plan: checks.Plan{
		Run: name, Execution: "arn:" + name, Started: noon.Add(time.Duration(w.runs) * time.Minute), File: "s3://files/in.csv",
		Version: fmt.Sprint(w.edited), Output: w.output, Lines: len(w.file),
		Job:   checks.Job{Run: name, Work: job.Location{Bucket: "work", Prefix: checks.WorkKey(name, "")}},
		Items: checks.Object{Bucket: "work", Key: checks.WorkKey(name, checks.ItemsName)}, Results: job.Location{Bucket: "work", Prefix: checks.WorkKey(name, checks.ResultsFolder)},
	}}
	var items []any
	for i := range w.file {
		items = append(items, r.item(i+1))
	}
	w.s3.objects["work/"+r.plan.Items.Key] = jsonLines(items...)
	w.s3.objects["work/"+checks.ReportKey(name, "plan.json")] = jsonLines(r.plan)
	w.s3.objects["work/"+checks.LockKey(r.plan.File)] = jsonLines(map[string]string{"run": name})
	return r
}

func (r *run) item(line int) checks.Item {
	item := checks.Item{Line: line, Check: checks.Check{ID: r.file[line-1], URL: "https://example.com/" + r.file[line-1] + r.query, Method: "GET", Timeout: checks.DefaultTimeout, MaxBody: checks.DefaultMaxBody}}
	if r.plain {
		item.Check.ID = ""
	}
	if slices.Contains(r.posts, line) {
		item.Check.Method = "POST"
	}
	if bad, ok := strings.CutPrefix(r.file[line-1], "bad "); ok || bad == "" {
		item = checks.Item{Line: line, Refused: "no check at all", Given: bad, Mark: bad}
	}
	return item
}

// round is one round of a batch over lines, of which it finds some.
func (r *run) round(lines, found []int, codes map[int]checks.Code) {
	var items []checks.Item
	for _, n := range lines {
		items = append(items, r.item(n))
	}
	var values []any
	for _, n := range found {
		f := checks.Finding{Line: n, ID: r.file[n-1], Code: codes[n], Message: "as told", Status: 500, Attempts: 1, At: r.plan.Started, Latency: checks.Latency{Total: time.Duration(n) * time.Millisecond}}
		switch {
		case r.item(n).Refused != "":
			f = checks.Finding{Line: n, Code: checks.BadLine, Message: "no check at all", At: r.plan.Started}
		case f.Code == "":
			f.Code, f.Message, f.Status = checks.OK, "", 200
		}
		values = append(values, f)
		r.tally.Count(f)
	}
	r.s3.objects["work/"+checks.FindingsKey(r.plan.Job.Work.Prefix, items)] = jsonLines(values...)
}

// done ends a batch: its rounds are in r.tally.
func (r *run) done() *run {
	r.output = append(r.output, checks.Result{Done: r.tally, Remaining: []checks.Item{}})
	r.tally = checks.Tally{}
	return r
}

// whole is a run of one batch that finds something of every line.
func (w *world) whole(codes map[int]checks.Code) *run {
	r := w.begin()
	var all []int
	for n := range w.file {
		all = append(all, n+1)
	}
	r.round(all, all, codes)
	return r.done()
}

func (r *run) reporter() *Reporter {
	return &Reporter{S3: r.s3, WorkBucket: "work", Now: func() time.Time { return r.plan.Started.Add(30 * time.Second) }}
}

// report writes the result files, and calls Report as the state machine does.
func (r *run) report(t *testing.T) checks.Summary {
	t.Helper()
	s, err := r.tryReport(t, account.Ended{Ended: job.Ended{Run: r.plan.Run}})
	if err != nil {
		t.Fatal(err)
	}
	if sum := s.OK + s.Failing + s.Bad + s.NotDone; s.Balanced && (sum != s.Lines || s.Lines != r.plan.Lines) {
		t.Errorf("%d lines = %d OK + %d failing + %d bad + %d not done of %d in the file", s.Lines, s.OK, s.Failing, s.Bad, s.NotDone, r.plan.Lines)
	}
	return s
}

func (r *run) tryReport(t *testing.T, ended account.Ended) (checks.Summary, error) {
	t.Helper()
	folder := r.plan.Results.Prefix + "uuid/"
	if _, there := r.s3.objects["work/"+r.plan.Items.Key]; there {
		r.s3.objects["work/"+folder+"manifest.json"] = fmt.Sprintf(`{"DestinationBucket":"work","ResultFiles":{"FAILED":[{"Key":"%[1]sFAILED_0.json"}],"PENDING":[],"SUCCEEDED":[{"Key":"%[1]sSUCCEEDED_0.jsonl"}]}}`, folder)
		r.s3.objects["work/"+folder+"SUCCEEDED_0.jsonl"] = jsonLines(r.output...)
		if at := "work/" + folder + "FAILED_0.json"; r.s3.objects[at] == "" {
			r.s3.objects[at] = "[]"
		}
	}
	return r.reporter().Report(t.Context(), ended)
}

// results are line, id and code of every result.
func (w *world) results(t *testing.T) (got []string) {
	t.Helper()
	for line := range strings.Lines(w.s3.objects[strings.TrimPrefix(w.output, "s3://")]) {
		var f checks.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%d %s %s", f.Line, f.ID, f.Code))
	}
	return got
}

// below are the keys of the work bucket that begin with prefix.
func (w *world) below(prefix string) (keys []string) {
	for _, at := range slices.Sorted(maps.Keys(w.s3.objects)) {
		if key, ok := strings.CutPrefix(at, "work/"); ok && strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys
}
