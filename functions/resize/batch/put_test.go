package batch

import (
	"bytes"
	"context"
	"image/jpeg"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func TestOutputTakesAlongWhatTheSourceSays(t *testing.T) {
	w := newWorld()
	source := object{
		body: pngOf(t, 40, 30, 1), contentType: "image/png",
		cacheControl: "max-age=60", contentDisposition: `inline; filename="a.png"`, contentLanguage: "eo",
		metadata: map[string]string{"photographer": "Zoë", "Camera": "box", markETag: "forged"},
	}
	w.job().Variants[0].Format = job.FormatJPEG
	w.listed("in/a.png", source)
	w.done(t)
	got, ok := w.output("out/s/a.png.jpg")
	if !ok {
		t.Fatal("there is no output")
	}
	if got.contentType != "image/jpeg" || got.cacheControl != source.cacheControl || got.contentDisposition != source.contentDisposition || got.contentLanguage != source.contentLanguage {
		t.Errorf("headers = %q %q %q %q", got.contentType, got.cacheControl, got.contentDisposition, got.contentLanguage)
	}
	want := map[string]string{
		"photographer": "Zoë", "camera": "box",
		markSource: sourceMark("in/a.png"), markETag: strings.Trim(etag(source.body), `"`), markRecipe: w.job().Variants[0].Recipe(),
	}
	if diff := cmp.Diff(want, got.metadata); diff != "" {
		t.Errorf("metadata differs (-want +got):\n%s", diff)
	}
	if img, err := jpeg.Decode(bytes.NewReader(got.body)); err != nil || img.Bounds().Dx() != 20 || img.Bounds().Dy() != 15 {
		t.Errorf("the output is no JPEG of 20 × 15: %v", err)
	}
}

func TestTooMuchMetadataLeavesTheMarksAlone(t *testing.T) {
	for _, c := range []struct {
		name  string
		bytes int
		keeps bool
	}{
		{"as much as S3 takes", maxMetadataBytes - marksBytes() - len("note"), true},
		{"a byte more", maxMetadataBytes - marksBytes() - len("note") + 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1), metadata: map[string]string{"note": strings.Repeat("x", c.bytes)}})
			w.done(t)
			o, _ := w.output("out/s/a.jpg")
			if _, kept := o.metadata["note"]; kept != c.keeps || o.metadata[markSource] == "" || o.metadata[markETag] == "" || o.metadata[markRecipe] == "" {
				t.Errorf("metadata keeps the note: %v, want %v; marks: %d", kept, c.keeps, len(o.metadata))
			}
		})
	}
}

// marksBytes is what the marks take of an output's metadata.
func marksBytes() int {
	return len(markSource) + 16 + len(markETag) + 32 + len(markRecipe) + 16
}

func TestOneVariantFailsAlone(t *testing.T) {
	w := newWorld()
	w.worker.Limits.MaxPixels = 2000
	w.job().Variants = []job.Variant{
		{Name: "small", Width: 20, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey},
		{Name: "huge", Width: 4000, Fit: job.FitInside, Upscale: true, Format: job.FormatSame, Key: job.DefaultKey},
		{Name: "tiny", Width: 5, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey},
	}
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.listed("in/folder/", object{}) // keeps the batch from failing as a whole
	got := summarise(w.done(t))
	if want := (summary{Ignored: 1, Failed: 1, Outputs: 2, Codes: "TooManyPixels/huge Empty"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for key, want := range map[string]bool{"out/small/a.jpg": true, "out/huge/a.jpg": false, "out/tiny/a.jpg": true} {
		if _, ok := w.output(key); ok != want {
			t.Errorf("%s is there: %v, want %v", key, ok, want)
		}
	}
}

func TestCollisionOfOneVariantLeavesTheOther(t *testing.T) {
	w := newWorld()
	w.job().Variants = append(w.job().Variants, job.Variant{Name: "flat", Width: 20, Fit: job.FitInside, Format: job.FormatSame, Key: "flat/{stem}{ext}"})
	w.listed("in/a/x.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.done(t)
	w.batch.Items = nil
	w.listed("in/b/x.jpg", object{body: jpegOf(t, 40, 30, 2)})
	w.listed("in/folder/", object{})
	tally := w.done(t)
	if got, want := summarise(tally), (summary{Ignored: 1, Failed: 1, Outputs: 1, Codes: "KeyCollision/flat Empty"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if m := tally.Failures[0].Message; !strings.Contains(m, `"out/flat/x.jpg"`) || !strings.Contains(m, "{dir}") {
		t.Errorf("message = %q, want the output's key and a way out", m)
	}
	if o, _ := w.output("out/flat/x.jpg"); o.metadata[markSource] != sourceMark("in/a/x.jpg") {
		t.Error("the first source's output was replaced")
	}
}

// TestCollisionWithinABatch: whichever of the two comes first, one is written and one fails.
func TestCollisionWithinABatch(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		w := newWorld()
		w.job().Fresh = fresh
		w.job().Variants[0].Key = "{stem}{ext}"
		w.listed("in/a/x.jpg", object{body: jpegOf(t, 40, 30, 1)})
		w.listed("in/b/x.jpg", object{body: jpegOf(t, 40, 30, 2)})
		if got, want := summarise(w.done(t)), (summary{Written: 1, Failed: 1, Outputs: 1, Codes: "KeyCollision/s"}); got != want {
			t.Errorf("fresh = %v: %+v, want %+v", fresh, got, want)
		}
	}
}

// TestAnotherWriterIsFaster: something happens to the output's key right before the put.
func TestAnotherWriterIsFaster(t *testing.T) {
	photo := jpegOf(t, 40, 30, 1)
	marks := func(key, etag string) map[string]string {
		return map[string]string{markSource: sourceMark(key), markETag: etag, markRecipe: newWorld().job().Variants[0].Recipe()}
	}
	current := strings.Trim(etag(photo), `"`)
	for _, c := range []struct {
		name      string
		overwrite job.Overwrite
		meanwhile func(w *world, put int) // before the put of this number
		want      summary
	}{
		{"with the same output", job.OverwriteStale, func(w *world, put int) {
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs"), metadata: marks("in/a.jpg", current)})
		}, summary{Current: 1, Written: 1}},
		{"with an older state's output", job.OverwriteStale, func(w *world, put int) {
			if put == 1 {
				w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs"), metadata: marks("in/a.jpg", "older")})
			}
		}, summary{Written: 2}},
		{"and always means always", job.OverwriteAlways, func(w *world, put int) {
			if put == 1 {
				w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs"), metadata: marks("in/a.jpg", current)})
			}
		}, summary{Written: 2}},
		{"and never means never", job.OverwriteNever, func(w *world, put int) {
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs"), metadata: marks("in/a.jpg", "older")})
		}, summary{Current: 1, Written: 1}},
		{"with another source's output", job.OverwriteStale, func(w *world, put int) {
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs"), metadata: marks("in/b.jpg", current)})
		}, summary{Written: 1, Failed: 1, Codes: "KeyCollision/s"}},
		{"with what mapfleet did not make", job.OverwriteStale, func(w *world, put int) {
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("theirs")})
		}, summary{Written: 1, Failed: 1, Codes: "KeyCollision/s"}},
		{"and then it is deleted", job.OverwriteStale, func(w *world, put int) {
			w.mu.Lock()
			defer w.mu.Unlock()
			switch put {
			case 1:
				w.buckets["thumbs"]["out/s/a.jpg"] = object{body: []byte("theirs"), etag: `"theirs"`, metadata: marks("in/a.jpg", "older")}
			case 2:
				delete(w.buckets["thumbs"], "out/s/a.jpg")
			}
		}, summary{Written: 2}},
	} {
		for _, fresh := range []bool{true, false} {
			t.Run(c.name, func(t *testing.T) {
				w := newWorld()
				w.job().Fresh, w.job().Overwrite = fresh, c.overwrite
				w.listed("in/a.jpg", object{body: photo})
				w.listed("in/beside.jpg", object{body: jpegOf(t, 40, 30, 2)})
				puts := 0
				w.before = func(_ context.Context, call string) error {
					if call == "PUT thumbs/out/s/a.jpg" {
						puts++
						c.meanwhile(w, puts)
					}
					return nil
				}
				c.want.Outputs = c.want.Written
				if got := summarise(w.done(t)); got != c.want {
					t.Errorf("fresh = %v: %+v, want %+v", fresh, got, c.want)
				}
				o, _ := w.output("out/s/a.jpg")
				if theirs := string(o.body) == "theirs"; theirs != (c.want.Written < 2) {
					t.Errorf("fresh = %v: the other writer's output stands: %v", fresh, theirs)
				}
			})
		}
	}
	t.Run("for ever", func(t *testing.T) {
		w := newWorld()
		w.listed("in/a.jpg", object{body: photo})
		shade := uint8(0)
		w.before = func(_ context.Context, call string) error {
			if call == "PUT thumbs/out/s/a.jpg" {
				shade++
				w.put("thumbs", "out/s/a.jpg", object{body: []byte{shade}, metadata: marks("in/a.jpg", "older")})
			}
			return nil
		}
		_, err := w.run(t, t.Context())
		if e, ok := err.(job.Unavailable); !ok || !strings.Contains(e.Message, "other writers kept changing it") {
			t.Errorf("Run: %T %v, want Unavailable", err, err)
		}
	})
}

// TestReplacedSource: while a picture is worked on it is replaced, and another worker has made the output
// from the newer one already.
func TestReplacedSource(t *testing.T) {
	w := newWorld()
	older, newer := jpegOf(t, 40, 30, 1), jpegOf(t, 40, 30, 2)
	w.listed("in/beside.jpg", object{body: jpegOf(t, 40, 30, 3)})
	w.listed("in/a.jpg", object{body: older})
	theirs := object{body: []byte("theirs"), metadata: map[string]string{
		markSource: sourceMark("in/a.jpg"), markETag: strings.Trim(etag(newer), `"`), markRecipe: w.job().Variants[0].Recipe(),
	}}
	w.before = func(_ context.Context, call string) error {
		if call == "PUT thumbs/out/s/a.jpg" {
			w.put("photos", "in/a.jpg", object{body: newer})
			w.put("thumbs", "out/s/a.jpg", theirs)
		}
		return nil
	}
	result, err := w.run(t, t.Context())
	if err != nil || len(result.Remaining) != 1 || result.Remaining[0].Key != "in/a.jpg" || result.Done.Written != 1 {
		t.Fatalf("Run = %+v, %v; want in/a.jpg left for another round, and the other written", result, err)
	}
	if o, _ := w.output("out/s/a.jpg"); string(o.body) != "theirs" {
		t.Error("an output of the newer source was overwritten with one of the older")
	}
}

// TestWorkersMeet runs two workers on the same pictures at the same time.
func TestWorkersMeet(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		w := newWorld()
		w.job().Fresh = fresh
		const pictures = 8
		for i := range pictures {
			w.listed("in/"+string(rune('a'+i))+".jpg", object{body: jpegOf(t, 40, 30, uint8(i))})
		}
		var tallies [2]job.Tally
		var wg sync.WaitGroup
		for i := range tallies {
			wg.Go(func() {
				result, err := w.worker.Run(t.Context(), w.batch)
				if err != nil {
					t.Errorf("Run: %v", err)
				}
				tallies[i] = result.Done
			})
		}
		wg.Wait()
		total := tallies[0]
		total.Add(tallies[1])
		if want := (summary{Written: pictures, Current: pictures, Outputs: pictures}); summarise(total) != want || !total.Balanced() {
			t.Errorf("fresh = %v: both together %+v, want %+v", fresh, summarise(total), want)
		}
		if got := w.count("put"); got != pictures {
			t.Errorf("fresh = %v: %d outputs were put, want %d", fresh, got, pictures)
		}
	}
}
