package batch

import (
	"context"
	"testing"

	"mapfleet/functions/job"
)

// panics makes one call panic.
func panics(call string) func(context.Context, string) error {
	return func(_ context.Context, made string) error {
		if made == call {
			panic("index out of range")
		}
		return nil
	}
}

func TestPanicIsTheItemsOwnFailure(t *testing.T) {
	for _, call := range []string{"HEAD thumbs/out/s/b.jpg", "GET photos/in/b.jpg", "PUT thumbs/out/s/b.jpg"} {
		t.Run("in "+call, func(t *testing.T) {
			w := newWorld()
			for i, key := range []string{"in/a.jpg", "in/b.jpg", "in/c.jpg"} {
				w.listed(key, object{body: jpegOf(t, 40, 30, uint8(i))})
			}
			w.before = panics(call)
			tally := w.done(t)
			if got, want := summarise(tally), (summary{Written: 2, Failed: 1, Outputs: 2, Codes: FailedPanic}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if f := tally.Failures[0]; f.Key != "in/b.jpg" || f.Message != "panic: index out of range" {
				t.Errorf("failure = %+v", f)
			}
		})
	}
	t.Run("outputs that are there count", func(t *testing.T) {
		w := newWorld()
		w.job().Variants = append(w.job().Variants, job.Variant{Name: "t", Width: 10, Fit: job.FitInside, Format: job.FormatSame, Key: job.DefaultKey})
		w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
		w.listed("in/b.jpg", object{body: jpegOf(t, 40, 30, 2)})
		w.before = panics("PUT thumbs/out/t/b.jpg")
		if got, want := summarise(w.done(t)), (summary{Written: 1, Failed: 1, Outputs: 3, Codes: FailedPanic}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
