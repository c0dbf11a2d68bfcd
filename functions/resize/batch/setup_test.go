package batch

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

// gradient is a picture of so many pixels, unlike any of another shade.
func gradient(width, height int, shade uint8) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(x * 5), uint8(y * 5), shade, 255})
		}
	}
	return img
}

func jpegOf(t testing.TB, width, height int, shade uint8) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, gradient(width, height, shade), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func pngOf(t testing.TB, width, height int, shade uint8) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, gradient(width, height, shade)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// world is a worker over a fake S3, and the batch that it is given.
type world struct {
	*fakeS3
	worker *Worker
	batch  job.Batch
}

// newWorld has the buckets photos, thumbs and work, one variant "s" 20 pixels wide, and no objects.
func newWorld() *world {
	store := &fakeS3{calls: map[string]int{}, buckets: map[string]map[string]object{"photos": {}, "thumbs": {}, "work": {}}}
	return &world{fakeS3: store, worker: &Worker{Store: store}, batch: job.Batch{BatchInput: job.BatchInput{Job: job.Job{
		Run:         "nightly",
		Source:      job.Location{Bucket: "photos", Prefix: "in/"},
		Destination: job.Location{Bucket: "thumbs", Prefix: "out/"},
		Work:        job.Location{Bucket: "work", Prefix: "work/nightly/"},
		Variants:    []job.Variant{{Name: "s", Width: 20, Fit: job.FitInside, Format: job.FormatSame, Quality: 80, Key: job.DefaultKey}},
		Overwrite:   job.OverwriteStale,
	}}}}
}

func (w *world) job() *job.Job { return &w.batch.BatchInput.Job }

// listed stores an object in photos and puts it into the batch as a listing would.
func (w *world) listed(key string, o object) {
	w.put("photos", key, o)
	w.batch.Items = append(w.batch.Items, job.Item{Key: key, ETag: strings.Trim(w.buckets["photos"][key].etag, `"`), Size: int64(len(o.body))})
}

// output returns what stands at a key of thumbs, and whether it is there.
func (w *world) output(key string) (object, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	o, ok := w.buckets["thumbs"][key]
	return o, ok
}

// run works on the batch and holds what is true of every result: all items are accounted for, once,
// and errors are of the types that the state machine knows, bare.
func (w *world) run(t testing.TB, ctx context.Context) (job.Result, error) {
	t.Helper()
	result, err := w.worker.Run(ctx, w.batch)
	given := len(w.batch.Items)
	if w.batch.Earlier != nil {
		given += w.batch.Earlier.Listed
	}
	tally := result.Done
	switch e := err.(type) {
	case nil:
		if result.Remaining == nil {
			t.Error("Remaining is nil, want a list")
		}
	case job.BatchFailed:
		if tally, err = e.Tally(); err != nil {
			t.Errorf("BatchFailed holds no tally: %v", err)
		}
		err = e
	case job.Throttled, job.Unavailable, job.AccessDenied, job.SourceMissing, job.DestinationMissing, job.DestinationFull, job.Stuck:
		return result, err
	default:
		if err != context.Canceled && err != context.DeadlineExceeded {
			t.Errorf("Run fails with %T %v, a type that nobody knows", err, err)
		}
		return result, err
	}
	if !tally.Balanced() {
		t.Errorf("the account does not balance: %+v", tally)
	}
	if got := tally.Listed + len(result.Remaining); got != given {
		t.Errorf("%d items are accounted for or left, want %d", got, given)
	}
	ignored, failed := 0, 0
	for _, n := range tally.IgnoredBy {
		ignored += n
	}
	for _, n := range tally.FailedBy {
		failed += n
	}
	if ignored != tally.Ignored || failed != tally.Failed {
		t.Errorf("the codes add up to %d ignored and %d failed of %+v", ignored, failed, tally)
	}
	return result, err
}

// done runs the batch and wants no error.
func (w *world) done(t testing.TB) job.Tally {
	t.Helper()
	result, err := w.run(t, t.Context())
	if err != nil {
		t.Fatalf("Run: %T %v", err, err)
	}
	if len(result.Remaining) > 0 {
		t.Errorf("left over: %v", result.Remaining)
	}
	return result.Done
}

// summary is a tally in short: what the tests compare.
type summary struct {
	Written, Current, Ignored, Failed, Outputs int
	Codes                                      string // of failures, with their variants, and of what is ignored
}

func summarise(t job.Tally) summary {
	var codes []string
	for _, f := range t.Failures {
		codes = append(codes, strings.TrimSuffix(f.Code+"/"+f.Variant, "/"))
	}
	for code := range t.IgnoredBy {
		codes = append(codes, code)
	}
	return summary{t.Written, t.Current, t.Ignored, t.Failed, t.Outputs, strings.Join(codes, " ")}
}

// tallyOf returns the account of a result or of a batch that failed.
func tallyOf(t testing.TB, result job.Result, err error) job.Tally {
	t.Helper()
	if e, ok := err.(job.BatchFailed); ok {
		tally, err := e.Tally()
		if err != nil {
			t.Fatal(err)
		}
		return tally
	}
	if err != nil {
		t.Fatalf("Run: %T %v", err, err)
	}
	return result.Done
}

var errReset = errors.New("connection reset by peer")
