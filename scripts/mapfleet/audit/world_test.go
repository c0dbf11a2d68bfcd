package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"slices"
	"strings"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// world is a deployment over a fake S3: photos/in/ is resized to thumbs/out/ by one variant "s", 20
// pixels wide.
type world struct {
	*fakeS3
	deployment job.Deployment
}

func newWorld(t testing.TB) *world {
	t.Helper()
	recipe, err := job.ParseVariants([]byte(`[{"name":"s","width":20}]`))
	if err != nil {
		t.Fatal(err)
	}
	return &world{
		fakeS3: &fakeS3{calls: map[string]int{}, buckets: map[string]map[string]object{"photos": {}, "thumbs": {}, "work": {}}},
		deployment: job.Deployment{
			SourceBucket: "photos", SourcePrefix: "in/", DestinationBucket: "thumbs", DestinationPrefix: "out/", WorkBucket: "work",
			Recipe: recipe, DefaultBatchSize: 100, MaxBatchSize: 1000, DefaultMaxConcurrency: 10, MaxMaxConcurrency: 100, ToleratedFailurePercentage: 5,
		},
	}
}

// photo is a JPEG, different for each shade.
func photo(t testing.TB, shade uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range img.Pix {
		img.Pix[i] = uint8(i) ^ shade
	}
	img.Set(0, 0, color.RGBA{shade, shade, shade, 255})
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// source stores an object below photos/in/.
func (w *world) source(key string, body []byte) { w.buckets["photos"]["in/"+key] = object{body: body} }

// thumb stores an object below thumbs/out/, with the marks of an output if it is one.
func (w *world) thumb(key string, metadata map[string]string) {
	w.buckets["thumbs"]["out/"+key] = object{body: []byte("made before"), metadata: metadata}
}

// marks are those of an output.
func marks(source, etag, recipe string) map[string]string {
	return map[string]string{batch.MarkSource: batch.SourceMark(source), batch.MarkETag: etag, batch.MarkRecipe: recipe}
}

// etagOf is the ETag of a source below photos/in/, without quotes.
func (w *world) etagOf(key string) string {
	return strings.Trim(w.buckets["photos"]["in/"+key].etag(), `"`)
}

// audit runs one, and holds what is true of every audit: it writes nothing, its counts add up, and the
// spool folder is left as it was.
func (w *world) audit(t testing.TB, input string, set ...func(*Config)) Report {
	t.Helper()
	before := w.clone()
	c := Config{Store: w.fakeS3, Deployment: w.deployment, Input: json.RawMessage(input), Spool: t.TempDir()}
	for _, s := range set {
		s(&c)
	}
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatalf("audit of %s: %T %v", input, err, err)
	}
	for name, objects := range w.buckets {
		if !slices.Equal(slices.Sorted(maps.Keys(objects)), slices.Sorted(maps.Keys(before.buckets[name]))) {
			t.Errorf("the audit changed what is in %s", name)
		}
	}
	s := r.Sources
	if sum := s.Current + s.Again + s.Colliding + s.Ignored + s.Gone + s.Denied; sum != s.Listed {
		t.Errorf("%d sources are listed, and %d accounted for: %+v", s.Listed, sum, s)
	}
	if r.Clean != (r.Differences() == 0) {
		t.Errorf("clean is %v with %d differences", r.Clean, r.Differences())
	}
	return r
}

// run has a worker take all sources of a listing.
func (w *world) run(t testing.TB, overwrite job.Overwrite, items []job.Item) job.Tally {
	t.Helper()
	in, err := job.ParseInput([]byte(`{}`), w.deployment)
	if err != nil {
		t.Fatal(err)
	}
	worker := &batch.Worker{Store: w.fakeS3}
	result, err := worker.Run(context.Background(), job.Batch{Items: items, BatchInput: job.BatchInput{Job: job.Job{
		Source:      job.Location{Bucket: w.deployment.SourceBucket, Prefix: w.deployment.SourcePrefix},
		Destination: job.Location{Bucket: w.deployment.DestinationBucket, Prefix: w.deployment.DestinationPrefix},
		Work:        job.Location{Bucket: w.deployment.WorkBucket, Prefix: "work/audited/"},
		Variants:    in.Variants, Overwrite: overwrite,
	}}})
	tally := result.Done
	if failed, ok := err.(job.BatchFailed); ok {
		tally, err = failed.Tally()
	}
	if err != nil {
		t.Fatalf("run a worker: %T %v", err, err)
	}
	return tally
}

// listed are the items of all sources.
func (w *world) listed(t testing.TB) []job.Item {
	t.Helper()
	var items []job.Item
	for item, err := range (&counting{Store: w.fakeS3}).list(t.Context(), w.deployment.SourceBucket, w.deployment.SourcePrefix) {
		if err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

// kinds are the kinds of a report's findings, in words: "missing in/a.jpg s".
func kinds(r Report) []string {
	var said []string
	for kind, findings := range r.First {
		for _, f := range findings {
			object := f.Source
			if object == "" {
				object = f.Output
			}
			said = append(said, strings.TrimSpace(string(kind)+" "+object+" "+f.Variant))
		}
	}
	slices.Sort(said)
	return said
}
