package batch

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/resize/picture"
)

// TestMillisecondsByStage: each stage of a picture is told with its own time, over all variants.
func TestMillisecondsByStage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.job().Fresh = true
		more := w.job().Variants[0]
		more.Name = "t"
		w.job().Variants = append(w.job().Variants, more)
		w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
		w.listed("in/b.jpg", object{body: jpegOf(t, 40, 30, 2)})
		w.before = func(_ context.Context, call string) error {
			switch {
			case strings.HasPrefix(call, "GET photos/"):
				time.Sleep(10 * time.Millisecond) // the bubble's clock, as all that follow
			case strings.HasPrefix(call, "PUT thumbs/"):
				time.Sleep(50 * time.Millisecond)
			}
			return nil
		}
		w.worker.render = func(_ context.Context, _ []byte, variants []picture.Variant, _ picture.Limits) (picture.Result, error) {
			result := picture.Result{Decode: 20 * time.Millisecond}
			for range variants {
				result.Outputs = append(result.Outputs, picture.Output{
					Bytes: []byte("picture"), Format: picture.JPEG, ContentType: "image/jpeg", Width: 20, Height: 15,
					Resize: 30 * time.Millisecond, Encode: 40 * time.Millisecond,
				})
			}
			return result, nil
		}
		want := map[string]int64{"fetch": 2 * 10, "decode": 2 * 20, "resize": 4 * 30, "encode": 4 * 40, "put": 4 * 50}
		if diff := cmp.Diff(want, w.done(t).Milliseconds); diff != "" {
			t.Errorf("milliseconds (-want +got):\n%s", diff)
		}
	})
}

// TestPicturesAreDecodedWhileOthersArePut: what rendering took is given back before the outputs are up, so that
// with memory for one and a half pictures the second one does not wait for S3.
func TestPicturesAreDecodedWhileOthersArePut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.job().Fresh = true
		w.listed("in/a.jpg", object{body: jpegOf(t, 400, 300, 1)})
		w.listed("in/b.jpg", object{body: jpegOf(t, 400, 300, 2)})
		info, err := picture.Inspect(w.buckets["photos"]["in/a.jpg"].body, picture.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		w.worker.Memory = 2 * renderBytes(info, []picture.Variant{recipe(w.job().Variants[0])}, picture.Limits{})
		w.worker.scouted.Store(scouts)
		both := make(chan struct{})
		var rendering atomic.Int32
		w.worker.render = func(ctx context.Context, source []byte, variants []picture.Variant, limits picture.Limits) (picture.Result, error) {
			if rendering.Add(1) == 2 {
				close(both)
			}
			return picture.Render(ctx, source, variants, limits)
		}
		w.before = func(_ context.Context, call string) error {
			if strings.HasPrefix(call, "PUT thumbs/") {
				<-both
			}
			return nil
		}
		if tally := w.done(t); tally.Written != 2 {
			t.Errorf("%d are written, want 2: %v", tally.Written, tally.Failures)
		}
	})
}
