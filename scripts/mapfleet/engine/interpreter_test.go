package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
	"mapfleet/statemachine"
	"mapfleet/statemachine/asl"
)

// shop is an S3 in memory for a worker: every source is the same picture, and comes after a while.
type shop struct {
	picture []byte
	takes   time.Duration

	mu   sync.Mutex
	puts map[string]int
}

func newShop(t *testing.T) *shop {
	t.Helper()
	var picture bytes.Buffer
	if err := jpeg.Encode(&picture, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		t.Fatal(err)
	}
	return &shop{picture: picture.Bytes(), puts: map[string]int{}}
}

func (s *shop) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(s.picture)), ContentLength: aws.Int64(int64(len(s.picture))), ETag: aws.String(`"e"`)}, nil
}

func (s *shop) HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	return nil, &smithy.GenericAPIError{Code: "Unexpected"} // a fresh run does not look
}

func (s *shop) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts[*in.Key]++
	return &s3.PutObjectOutput{}, nil
}

// listing is a bucket whose objects are made up as they are listed; what is put into it is dropped.
type listing struct {
	objects int
	key     func(i int) string
	size    int
}

func (l listing) List(_ context.Context, _, _, continuation string) ([]any, string, error) {
	from := 0
	if continuation != "" {
		if _, err := fmt.Sscan(continuation, &from); err != nil {
			return nil, "", err
		}
	}
	to := min(from+1000, l.objects)
	items := make([]any, 0, to-from)
	for i := from; i < to; i++ {
		items = append(items, map[string]any{"Key": l.key(i), "Etag": `"e"`, "Size": float64(l.size), "LastModified": 1.789180622e9, "StorageClass": "STANDARD"})
	}
	if to == l.objects {
		return items, "", nil
	}
	return items, fmt.Sprint(to), nil
}

func (listing) Open(context.Context, string, string) (io.ReadCloser, error) {
	return nil, errors.New("nothing is kept")
}

func (listing) Put(context.Context, string, string, string, io.ReadSeeker) error { return nil }

// workshop is the deployed state machine with a real worker in this process, and without its clerks:
// Prepare and Report are made up.
type workshop struct {
	plan    job.Plan
	worker  *batch.Worker
	timeout time.Duration // of an invocation; 0: none

	mu     sync.Mutex
	rounds []int // of each batch that came to its end
	tally  job.Tally
}

func (w *workshop) Invoke(ctx context.Context, _ string, parameters any) (any, error) {
	p := parameters.(map[string]any)
	payload, err := json.Marshal(p["Payload"]) // as it goes to a Lambda
	if err != nil {
		return nil, err
	}
	var answer any
	switch p["FunctionName"] {
	case "Prepare":
		answer = w.plan
	case "Report":
		answer = map[string]any{"balanced": true, "withinTolerance": true}
	default:
		answer, err = w.work(ctx, payload)
		if err != nil {
			return nil, &asl.Error{Name: strings.TrimPrefix(fmt.Sprintf("%T", err), "job."), Cause: err.Error()}
		}
	}
	data, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	var result any
	return map[string]any{"Payload": &result}, errors.Join(json.Unmarshal(data, &result))
}

func (w *workshop) work(ctx context.Context, payload []byte) (job.Result, error) {
	if w.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, w.timeout)
		defer cancel()
	}
	var b job.Batch
	if err := json.Unmarshal(payload, &b); err != nil {
		return job.Result{}, err
	}
	result, err := w.worker.Run(ctx, b)
	if err == nil && len(result.Remaining) == 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.rounds = append(w.rounds, result.Done.Rounds)
		w.tally.Add(result.Done)
	}
	return result, err
}

// run runs the state machine over a listing.
func (w *workshop) run(t *testing.T, objects asl.Objects) error {
	t.Helper()
	names := map[string]string{"PrepareFunction": "Prepare", "ResizeFunction": "Resize", "ReportFunction": "Report"}
	definition, err := statemachine.Substitute(statemachine.Resize(), names)
	if err != nil {
		t.Fatal(err)
	}
	machine, err := asl.Parse([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:states:eu-west-1:123456789012:"
	_, err = machine.Run(t.Context(), asl.Execution{
		ID: arn + "execution:resize:nightly", Name: "nightly", StateMachineID: arn + "stateMachine:resize",
		Input: json.RawMessage(`{}`), Tasks: w, Objects: objects,
	})
	return err
}

// planned is a plan for a listing, as Prepare makes it for an empty destination.
func planned(batchSize, concurrency int, filter job.Filter) job.Plan {
	return job.Plan{
		Run: "nightly",
		Job: job.Job{
			Run: "nightly", Source: job.Location{Bucket: "photos"}, Destination: job.Location{Bucket: "thumbs"}, Work: job.Location{Bucket: "work", Prefix: "work/nightly/"},
			Variants:  []job.Variant{{Name: "s", Width: 8, Fit: job.FitInside, Format: job.FormatSame, Quality: 80, Key: job.DefaultKey}},
			Overwrite: job.OverwriteStale, Filter: filter, Fresh: true,
		},
		Shards:  []job.Shard{{Kind: job.ShardListing, Bucket: "photos"}},
		Limits:  job.Limits{BatchSize: batchSize, MapRuns: 1, MaxConcurrency: concurrency, ToleratedFailurePercentage: 0, MaxItems: job.MaxMapRunItems},
		Results: job.Location{Bucket: "work", Prefix: "work/nightly/results"},
	}
}

// TestMachine_time_that_is_up_three_times: what a worker has no time for goes round until it is done, and
// no picture is made twice, or failed.
func TestMachine_time_that_is_up_three_times(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // as in a Lambda, and what is in flight follows from it
		const wave = 32                                 // batch.inFlight with one processor
		shop := newShop(t)
		shop.takes = 14 * time.Second
		// Of a minute, the last quarter starts nothing: four waves a round, at 0, 14, 28 and 42 seconds. The
		// worker's first is a single picture.
		const pictures = (1 + 3*wave) + 4*wave + 4*wave + wave/2
		w := &workshop{plan: planned(pictures, 1, job.Filter{}), worker: &batch.Worker{Store: shop}, timeout: time.Minute}
		began := time.Now()
		if err := w.run(t, listing{objects: pictures, key: func(i int) string { return fmt.Sprintf("%04d.jpg", i) }, size: len(shop.picture)}); err != nil {
			t.Fatal(err)
		}
		if w.tally.Listed != pictures || w.tally.Written != pictures || len(shop.puts) != pictures {
			t.Errorf("%d listed, %d written, %d outputs, want %d of each", w.tally.Listed, w.tally.Written, len(shop.puts), pictures)
		}
		for key, n := range shop.puts {
			if n != 1 {
				t.Errorf("%s was put %d times", key, n)
			}
		}
		if len(w.rounds) != 1 || w.rounds[0] != 4 { // up three times, and then done
			t.Errorf("rounds of each batch: %v, want one of 4", w.rounds)
		}
		if took := time.Since(began); took > 5*time.Minute {
			t.Errorf("took %v, more than an EXPRESS child may", took)
		}
	})
}

// TestMachine_a_million_keys: memory does not grow with the listing, nor with what is filtered out.
func TestMachine_a_million_keys(t *testing.T) {
	const keys, pictures, most = 1_000_000, 1_000, 300 << 20
	shop := newShop(t)
	w := &workshop{plan: planned(1000, 2, job.Filter{Suffixes: []string{".jpg"}}), worker: &batch.Worker{Store: shop}}
	key := func(i int) string {
		if i%(keys/pictures) == 7 {
			return fmt.Sprintf("2026/11/%07d.jpg", i)
		}
		return fmt.Sprintf("2026/11/%07d.txt", i)
	}
	var peak atomic.Uint64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.Sys-m.HeapReleased))
			case <-stop:
				return
			}
		}
	}()
	err := w.run(t, listing{objects: keys, key: key, size: len(shop.picture)})
	close(stop)
	<-stopped
	if err != nil {
		t.Fatal(err)
	}
	if w.tally.Listed != keys || w.tally.Written != pictures || w.tally.IgnoredBy[batch.IgnoredFilter] != keys-pictures || !w.tally.Balanced() {
		t.Errorf("%d listed, %d written, ignored %v, want %d, %d and all others Filtered", w.tally.Listed, w.tally.Written, w.tally.IgnoredBy, keys, pictures)
	}
	if got := peak.Load(); got == 0 || got > most {
		t.Errorf("the process held %d MiB, want at most %d", got>>20, most>>20)
	}
	t.Logf("%d MiB at most", peak.Load()>>20)
}
