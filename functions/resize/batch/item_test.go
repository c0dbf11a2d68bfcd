package batch

import (
	"bytes"
	"image"
	"strings"
	"testing"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// TestItem tells the story of one item at a time. A first picture that is always written stands beside
// it, so that its failure is not the batch's.
func TestItem(t *testing.T) {
	const beside = "in/beside.jpg"
	photo := jpegOf(t, 40, 30, 1)
	recipe := newWorld().job().Variants[0].Recipe()
	made := func(key, etag, recipe string) object { // an output as mapfleet leaves it
		return object{body: []byte("made before"), metadata: map[string]string{markSource: sourceMark(key), markETag: etag, markRecipe: recipe}}
	}
	current := strings.Trim(etag(photo), `"`)

	for _, c := range []struct {
		name string
		set  func(w *world)
		want summary // of the item alone
	}{
		{"a new picture is written", func(w *world) { w.listed("in/a.jpg", object{body: photo}) }, summary{Written: 1, Outputs: 1}},
		{"a new picture of a fresh run is written without a look", func(w *world) {
			w.job().Fresh = true
			w.listed("in/a.jpg", object{body: photo})
		}, summary{Written: 1, Outputs: 1}},
		{"a picture by another name is one by content", func(w *world) { w.listed("in/a.dat", object{body: photo}) }, summary{Written: 1, Outputs: 1}},
		{"an explicit key without size and ETag", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items[1] = job.Item{Key: "in/a.jpg", Size: -1}
		}, summary{Written: 1, Outputs: 1}},
		{"what does not tell its length is read to its end", func(w *world) {
			w.unsized = true
			w.listed("in/a.jpg", object{body: photo})
		}, summary{Written: 1, Outputs: 1}},

		{"current by its marks", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", current, recipe))
		}, summary{Current: 1}},
		{"current by its marks, for an explicit key", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items[1] = job.Item{Key: "in/a.jpg", Size: -1}
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", current, recipe))
		}, summary{Current: 1}},
		{"current in a run that took the destination for empty", func(w *world) {
			w.job().Fresh = true
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", current, recipe))
		}, summary{Current: 1}},
		{"stale by its ETag", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", "another", recipe))
		}, summary{Written: 1, Outputs: 1}},
		{"stale by its recipe", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", current, "another"))
		}, summary{Written: 1, Outputs: 1}},
		{"what somebody else put there stays", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("by hand")})
		}, summary{Failed: 1, Codes: "KeyCollision/s"}},
		{"what somebody else put there is replaced if asked for", func(w *world) {
			w.job().Overwrite = job.OverwriteAlways
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("by hand")})
		}, summary{Written: 1, Outputs: 1}},
		{"stale in a store without ETags", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.mu.Lock()
			w.buckets["thumbs"]["out/s/a.jpg"] = object{body: []byte("dropped in"), metadata: made("in/a.jpg", "older", recipe).metadata}
			w.mu.Unlock()
		}, summary{Written: 1, Outputs: 1}},
		{"always overwrites what is current", func(w *world) {
			w.job().Overwrite = job.OverwriteAlways
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", current, recipe))
		}, summary{Written: 1, Outputs: 1}},
		{"never overwrites what is stale", func(w *world) {
			w.job().Overwrite = job.OverwriteNever
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/a.jpg", "another", "another"))
		}, summary{Current: 1}},
		{"never overwrites what is not ours", func(w *world) {
			w.job().Overwrite = job.OverwriteNever
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", object{body: []byte("by hand")})
		}, summary{Current: 1}},
		{"never writes what is missing", func(w *world) {
			w.job().Overwrite = job.OverwriteNever
			w.listed("in/a.jpg", object{body: photo})
		}, summary{Written: 1, Outputs: 1}},

		{"an empty object", func(w *world) { w.listed("in/a.jpg", object{}) }, summary{Ignored: 1, Codes: IgnoredEmpty}},
		{"an empty object of unknown size", func(w *world) {
			w.listed("in/a.jpg", object{})
			w.batch.Items[1].Size = -1
		}, summary{Ignored: 1, Codes: IgnoredEmpty}},
		{"a console's folder", func(w *world) { w.listed("in/folder/", object{}) }, summary{Ignored: 1, Codes: IgnoredEmpty}},
		{"filtered", func(w *world) {
			w.job().Filter.Suffixes = []string{"beside.jpg"}
			w.listed("in/a.jpg", object{body: photo})
		}, summary{Ignored: 1, Codes: IgnoredFilter}},
		{"an output among the sources", func(w *world) { w.listed("in/a.jpg", made("x", "y", "z")) }, summary{Ignored: 1, Codes: IgnoredOwn}},
		{"not a picture by name and content", func(w *world) { w.listed("in/notes.txt", object{body: []byte("hello")}) }, summary{Ignored: 1, Codes: IgnoredNoImage}},

		{"a text named .jpg", func(w *world) { w.listed("in/a.JPG", object{body: []byte("hello")}) }, summary{Failed: 1, Codes: picture.UnknownFormat}},
		{"a text without an extension", func(w *world) { w.listed("in/a", object{body: []byte("hello")}) }, summary{Failed: 1, Codes: picture.UnknownFormat}},
		{"a kind of picture that cannot be read", func(w *world) {
			w.listed("in/a.heic", object{body: []byte("\x00\x00\x00\x18ftypheic....")})
		}, summary{Failed: 1, Codes: picture.UnsupportedFormat}},
		{"a JPEG broken off", func(w *world) { w.listed("in/a.jpg", object{body: photo[:len(photo)/3]}) }, summary{Failed: 1, Codes: picture.DecodeFailed}},
		{"gone since the listing", func(w *world) {
			w.batch.Items = append(w.batch.Items, job.Item{Key: "in/a.jpg", ETag: "e", Size: 5})
		}, summary{Failed: 1, Codes: FailedGone}},
		{"a key that was never there", func(w *world) {
			w.batch.Items = append(w.batch.Items, job.Item{Key: "in/a.jpg", Size: -1})
		}, summary{Failed: 1, Codes: FailedGone}},
		{"archived by the listing's word", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items[1].StorageClass = "DEEP_ARCHIVE"
		}, summary{Failed: 1, Codes: FailedArchived}},
		{"archived by S3's word", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.fails("GET photos/in/a.jpg", answer(403, "InvalidObjectState"))
		}, summary{Failed: 1, Codes: FailedArchived}},
		{"too large by its length", func(w *world) {
			w.worker.MaxSourceBytes = int64(len(photo)) + 10
			w.listed("in/a.jpg", object{body: append(bytes.Clone(photo), make([]byte, 11)...)})
		}, summary{Failed: 1, Codes: FailedTooLarge}},
		{"too large without a length", func(w *world) {
			w.unsized, w.worker.MaxSourceBytes = true, int64(len(photo))+10
			w.listed("in/a.jpg", object{body: append(bytes.Clone(photo), make([]byte, 11)...)})
		}, summary{Failed: 1, Codes: FailedTooLarge}},
		{"too large, which the listing did not tell", func(w *world) {
			w.job().Fresh = true
			w.worker.MaxSourceBytes = int64(len(photo)) + 10
			w.listed("in/a.jpg", object{body: append(bytes.Clone(photo), make([]byte, 11)...)})
			w.batch.Items[len(w.batch.Items)-1].Size = -1
		}, summary{Failed: 1, Codes: FailedTooLarge}},
		{"too large, which nobody tells", func(w *world) {
			w.job().Fresh = true
			w.unsized, w.worker.MaxSourceBytes = true, int64(len(photo))+10
			w.listed("in/a.jpg", object{body: append(bytes.Clone(photo), make([]byte, 11)...)})
			w.batch.Items[len(w.batch.Items)-1].Size = -1
		}, summary{Failed: 1, Codes: FailedTooLarge}},
		{"as large as it may be, which nobody tells", func(w *world) {
			w.job().Fresh = true
			w.unsized, w.worker.MaxSourceBytes = true, int64(len(photo))
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items[len(w.batch.Items)-1].Size = -1
		}, summary{Written: 1, Outputs: 1}},
		{"a key that grows too long", func(w *world) { w.listed("in/"+strings.Repeat("x", 1021), object{body: photo}) }, summary{Failed: 1, Codes: FailedKey}},
		{"a key that grows too long by the destination's prefix", func(w *world) {
			w.listed("in/"+strings.Repeat("x", 1019), object{body: photo})
		}, summary{Failed: 1, Codes: FailedKey}},
		{"a key that would leave its folder", func(w *world) { w.listed("in/../a.jpg", object{body: photo}) }, summary{Failed: 1, Codes: FailedKey}},
		{"another source's output stands there", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/b.jpg", current, recipe))
		}, summary{Failed: 1, Codes: FailedCollision + "/s"}},
		{"another source's output stands there, always", func(w *world) {
			w.job().Overwrite = job.OverwriteAlways
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/b.jpg", current, recipe))
		}, summary{Failed: 1, Codes: FailedCollision + "/s"}},
		{"another source's output stands there in a fresh run", func(w *world) {
			w.job().Fresh = true
			w.listed("in/a.jpg", object{body: photo})
			w.put("thumbs", "out/s/a.jpg", made("in/b.jpg", current, recipe))
		}, summary{Failed: 1, Codes: FailedCollision + "/s"}},
		{"the source is locked, though others are not", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.fails("GET photos/in/a.jpg", answer(403, "AccessDenied"))
		}, summary{Failed: 1, Codes: FailedDenied}},
		{"the source is locked to a HEAD", func(w *world) {
			w.listed("in/a.jpg", object{body: photo})
			w.batch.Items[1].ETag = ""
			w.fails("HEAD photos/in/a.jpg", answer(403, "Forbidden"))
		}, summary{Failed: 1, Codes: FailedDenied}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.listed(beside, object{body: jpegOf(t, 40, 30, 2)})
			c.set(w)
			tally := w.done(t)
			got := summarise(tally)
			got.Written, got.Outputs = got.Written-1, got.Outputs-1 // the one beside
			if got != c.want {
				t.Errorf("got %+v, want %+v; failures: %v", got, c.want, tally.Failures)
			}
			for _, f := range tally.Failures {
				if f.Key != w.batch.Items[1].Key || f.Message == "" {
					t.Errorf("failure %+v names another key, or no reason", f)
				}
			}
			if o, ok := w.output("out/s/beside.jpg"); !ok || o.contentType != "image/jpeg" {
				t.Errorf("the picture beside it: %v, %q", ok, o.contentType)
			}
		})
	}
}

func TestArchivedItemsAreNotFetched(t *testing.T) {
	w := newWorld()
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.batch.Items[0].StorageClass = "GLACIER"
	result, err := w.run(t, t.Context())
	if f := tallyOf(t, result, err).Failures; len(f) != 1 || !strings.Contains(f[0].Message, "GLACIER") {
		t.Errorf("failures = %v, want one that names the class", f)
	}
	if len(w.calls) != 0 {
		t.Errorf("S3 was called: %v", w.calls)
	}
}

func TestFreshRunsDoNotLook(t *testing.T) {
	for _, fresh := range []bool{true, false} {
		w := newWorld()
		w.job().Fresh = fresh
		w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
		w.done(t)
		if got := w.count("HEAD thumbs/out/s/a.jpg"); (got == 0) != fresh {
			t.Errorf("fresh = %v: %d HEADs of the output", fresh, got)
		}
	}
}

func TestDeniedSourceNamesThePermission(t *testing.T) {
	w := newWorld()
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.listed("in/b.jpg", object{body: jpegOf(t, 40, 30, 2)})
	w.fails("GET photos/in/a.jpg", answer(403, "AccessDenied"))
	tally := w.done(t)
	if m := tally.Failures[0].Message; !strings.Contains(m, "s3:GetObject") || !strings.Contains(m, "KMS") || !strings.Contains(m, "s3://photos/in/a.jpg") {
		t.Errorf("message = %q, want it to name s3:GetObject, KMS and the object", m)
	}
}

// TestReplacedSinceTheListing: what counts is the state that was read.
func TestReplacedSinceTheListing(t *testing.T) {
	w := newWorld()
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	replaced := jpegOf(t, 30, 40, 2)
	w.put("photos", "in/a.jpg", object{body: replaced})
	if got := summarise(w.done(t)); got != (summary{Written: 1, Outputs: 1}) {
		t.Fatalf("first: %+v", got)
	}
	o, _ := w.output("out/s/a.jpg")
	if want := strings.Trim(etag(replaced), `"`); o.metadata[markETag] != want {
		t.Errorf("the mark says %q, want what was read, %q", o.metadata[markETag], want)
	}
	if c, _, err := image.DecodeConfig(bytes.NewReader(o.body)); err != nil || c.Width != 20 || c.Height != 27 {
		t.Errorf("the output is %d × %d (%v), want 20 × 27", c.Width, c.Height, err)
	}
	w.batch.Items[0].ETag = strings.Trim(etag(replaced), `"`)
	if got := summarise(w.done(t)); got != (summary{Current: 1}) {
		t.Errorf("by the next listing: %+v, want it current", got)
	}
}

func TestWrittenTwiceIsWrittenOnce(t *testing.T) {
	w := newWorld()
	w.job().Variants = append(w.job().Variants, job.Variant{Name: "p", Width: 10, Height: 10, Fit: job.FitPad, Format: job.FormatPNG, Background: "#ff0000", Key: job.DefaultKey})
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.listed("in/d/b.png", object{body: pngOf(t, 40, 30, 1)})
	if got, want := summarise(w.done(t)), (summary{Written: 2, Outputs: 4}); got != want {
		t.Errorf("first: %+v, want %+v", got, want)
	}
	puts := w.count("put")
	if got, want := summarise(w.done(t)), (summary{Current: 2}); got != want || w.count("put") != puts {
		t.Errorf("again: %+v and %d puts, want %+v and none", got, w.count("put")-puts, want)
	}
	if got := w.count("GET photos/in/a.jpg"); got != 1 {
		t.Errorf("the source was fetched %d times, want once", got)
	}
}

func TestTallyOfABatch(t *testing.T) {
	w := newWorld()
	a, b := jpegOf(t, 40, 30, 1), pngOf(t, 40, 30, 1)
	w.listed("in/a.jpg", object{body: a})
	w.listed("in/b.png", object{body: b})
	w.listed("in/c.jpg", object{body: []byte("text")})
	before := time.Now()
	tally := w.done(t)
	if want := int64(len(a) + len(b) + 4); tally.BytesIn != want {
		t.Errorf("BytesIn = %d, want %d", tally.BytesIn, want)
	}
	x, _ := w.output("out/s/a.jpg")
	y, _ := w.output("out/s/b.png")
	if want := int64(len(x.body) + len(y.body)); tally.BytesOut != want || want == 0 {
		t.Errorf("BytesOut = %d, want %d", tally.BytesOut, want)
	}
	if tally.Rounds != 1 || tally.Started.Before(before) || tally.Finished.Before(tally.Started) {
		t.Errorf("%d rounds from %v to %v", tally.Rounds, tally.Started, tally.Finished)
	}
	for _, stage := range []string{"fetch", "decode", "resize", "encode", "put"} {
		if _, ok := tally.Milliseconds[stage]; !ok {
			t.Errorf("no time for %s in %v", stage, tally.Milliseconds)
		}
	}
}
