package batch

import (
	"bytes"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

func TestSamplesLeavePreviews(t *testing.T) {
	w := newWorld()
	w.job().SampleEvery = 1
	body := jpegOf(t, 40, 30, 1)
	w.listed("in/a.jpg", object{body: body})
	tally := w.done(t)
	output, _ := w.output("out/s/a.jpg")
	preview := "work/nightly/previews/" + sourceMark("in/a.jpg") + ".jpg"
	want := []job.Sample{{
		Key: "in/a.jpg", Preview: preview, Variant: "s", Output: "out/s/a.jpg",
		Before: job.Picture{Format: "jpeg", Width: 40, Height: 30, Bytes: int64(len(body))},
		After:  job.Picture{Format: "jpeg", Width: 20, Height: 15, Bytes: int64(len(output.body))},
	}}
	if diff := cmp.Diff(want, tally.Samples); diff != "" {
		t.Errorf("samples differ (-want +got):\n%s", diff)
	}
	if tally.Outputs != 1 || tally.BytesOut != int64(len(output.body)) {
		t.Errorf("%d outputs of %d bytes: the preview is no output", tally.Outputs, tally.BytesOut)
	}
	o := w.buckets["work"][preview]
	if c, err := jpeg.DecodeConfig(bytes.NewReader(o.body)); err != nil || o.contentType != "image/jpeg" || c.Width != 40 {
		t.Errorf("the preview is %q, %+v, %v", o.contentType, c, err)
	}
	if o.metadata[markRecipe] == "" {
		t.Errorf("the preview has the metadata %v, without the mark that keeps it from being a source", o.metadata)
	}
	if tally := w.done(t); len(tally.Samples) != 0 {
		t.Errorf("what is current left samples: %v", tally.Samples)
	}
}

func TestSamplesAreNotWorthAFailure(t *testing.T) {
	w := newWorld()
	w.job().SampleEvery = 1
	w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
	w.fails("PUT work/work/nightly/previews/"+sourceMark("in/a.jpg")+".jpg", answer(403, "AccessDenied"))
	tally := w.done(t)
	if got, want := summarise(tally), (summary{Written: 1, Outputs: 1}); got != want || len(tally.Samples) != 0 {
		t.Errorf("got %+v and %v, want %+v and no sample", got, tally.Samples, want)
	}
}

func TestSampledByKey(t *testing.T) {
	r := round{}
	if r.sampled("in/a.jpg") {
		t.Error("sampled, and no samples are asked for")
	}
	r.job.SampleEvery = 10
	hits := 0
	for i := range 10_000 {
		key := string(rune('a'+i%26)) + string(rune('0'+i/26))
		if r.sampled(key) {
			hits++
		}
	}
	if hits < 800 || hits > 1200 {
		t.Errorf("one in 10 of 10,000 are %d", hits)
	}
}

func TestRecipe(t *testing.T) {
	for _, c := range []struct {
		name string
		in   job.Variant
		want picture.Variant
	}{
		{"the source's own format", job.Variant{Name: "s", Width: 5, Fit: job.FitInside, Format: job.FormatSame, Quality: 80},
			picture.Variant{Width: 5, Fit: picture.Inside, Format: picture.Same, Quality: 80}},
		{"everything", job.Variant{Name: "s", Width: 5, Height: 6, Fit: job.FitPad, Upscale: true, Format: job.FormatJPEG, Quality: 7, Background: "#0180ff"},
			picture.Variant{Width: 5, Height: 6, Fit: picture.Pad, Upscale: true, Format: picture.JPEG, Quality: 7, Background: color.NRGBA{1, 128, 255, 255}}},
		{"black is a colour", job.Variant{Fit: job.FitCover, Format: job.FormatPNG, Background: "#000000"},
			picture.Variant{Fit: picture.Cover, Format: picture.PNG, Background: color.NRGBA{A: 255}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := recipe(c.in); got != c.want {
				t.Errorf("recipe(%+v) = %+v, want %+v", c.in, got, c.want)
			}
		})
	}
}

// TestWordsOfJobAndPictureAgree: what the input allows is what can be made.
func TestWordsOfJobAndPictureAgree(t *testing.T) {
	for _, fit := range []job.Fit{job.FitInside, job.FitCover, job.FitFill, job.FitPad, job.FitOutside} {
		for _, format := range []job.Format{job.FormatSame, job.FormatJPEG, job.FormatPNG, job.FormatGIF} {
			if err := recipe(job.Variant{Width: job.MaxSide, Height: 1, Fit: fit, Format: format}).Validate(); err != nil {
				t.Errorf("%s, %s: %v", fit, format, err)
			}
		}
	}
	if job.DefaultQuality != picture.DefaultQuality {
		t.Errorf("the default quality is %d in an input and %d in a picture", job.DefaultQuality, picture.DefaultQuality)
	}
}
