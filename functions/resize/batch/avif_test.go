package batch

import (
	"image"
	"testing"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/picture"
)

// fakeAVIF writes a name, and takes as many bytes as it says.
type fakeAVIF struct{ bytes int64 }

func (fakeAVIF) Encode(image.Image, int) ([]byte, error) { return []byte("an AVIF"), nil }

func (f fakeAVIF) MemoryBytes(int64) int64 { return f.bytes }

// TestAVIF: an output of the format by its name and type, and a failure of its own where the worker cannot write it or has
// no memory for it: the JPEG beside it is written.
func TestAVIF(t *testing.T) {
	for _, c := range []struct {
		name    string
		encoder picture.Encoder
		code    string
	}{
		{"written", fakeAVIF{}, ""},
		{"no encoder", nil, picture.InvalidVariant},
		{"no memory", fakeAVIF{1 << 40}, picture.TooMuchMemory},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.worker.AVIF = c.encoder
			w.job().Variants = append(w.job().Variants, job.Variant{Name: "a", Width: 20, Fit: job.FitInside, Format: job.FormatAVIF, Quality: 80, Key: job.DefaultKey})
			w.listed("in/a.jpg", object{body: jpegOf(t, 40, 30, 1)})
			w.batch.Items = append(w.batch.Items, w.batch.Items[0]) // so that one failure is not the batch's
			result, err := w.run(t, t.Context())
			tally := tallyOf(t, result, err)
			if _, ok := w.output("out/s/a.jpg"); !ok {
				t.Error("the JPEG is not written")
			}
			o, written := w.output("out/a/a.jpg.avif")
			if c.code != "" {
				if tally.FailedBy[c.code] != 2 || tally.Failures[0].Variant != "a" || written {
					t.Errorf("failures %+v, want two %s of variant a", tally.Failures, c.code)
				}
				return
			}
			if tally.Failed != 0 || o.contentType != "image/avif" || string(o.body) != "an AVIF" {
				t.Errorf("%q of type %q, failures %v", o.body, o.contentType, tally.Failures)
			}
		})
	}
}

// TestRenderBytesOfAVIF: what the encoder takes is waited for, so that no two that do not fit are written at a time.
func TestRenderBytesOfAVIF(t *testing.T) {
	info := picture.Info{Width: 100, Height: 100, MemoryBytes: 1000}
	limits := picture.Limits{MaxMemory: 1_000_000}
	for _, c := range []struct {
		v    picture.Variant
		want int64
	}{
		{picture.Variant{Width: 10, Height: 10, Fit: picture.Fill, Format: picture.JPEG}, 1000 + 800 + 100},
		{picture.Variant{Width: 10, Height: 10, Fit: picture.Fill, Format: picture.AVIF, AVIF: fakeAVIF{50_000}}, 1000 + 50_000 + 100},
		{picture.Variant{Width: 10, Height: 10, Fit: picture.Fill, Format: picture.AVIF, AVIF: fakeAVIF{1_000_000}}, 1000},
		{picture.Variant{Width: 10, Height: 10, Fit: picture.Fill, Format: picture.AVIF, AVIF: fakeAVIF{50_000}, Skip: true}, 1000},
	} {
		if got := renderBytes(info, []picture.Variant{c.v}, limits); got != c.want {
			t.Errorf("renderBytes(%s of %+v) = %d, want %d", c.v.Format, c.v.AVIF, got, c.want)
		}
	}
}
