package picture

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestSeveralVariantsOfOneDecode(t *testing.T) {
	source := encoded(t, JPEG, noise(320, 200))
	variants := []Variant{
		{Width: 160},
		{Width: 64, Height: 64, Fit: Cover, Format: PNG},
		{Width: 100, Height: 100, Fit: Pad, Format: GIF},
		{Format: JPEG, Quality: 50},
	}
	result, err := Render(t.Context(), source, variants, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wantInfo := Info{Format: JPEG, Width: 320, Height: 200, Orientation: 1, MemoryBytes: 320*208*3/2 + int64(len(source))}
	if diff := cmp.Diff(wantInfo, result.Source); diff != "" {
		t.Errorf("Source -want +got:\n%s", diff)
	}
	want := []Output{
		{Format: JPEG, ContentType: "image/jpeg", Width: 160, Height: 100},
		{Format: PNG, ContentType: "image/png", Width: 64, Height: 64},
		{Format: GIF, ContentType: "image/gif", Width: 100, Height: 100},
		{Format: JPEG, ContentType: "image/jpeg", Width: 320, Height: 200},
	}
	if diff := cmp.Diff(want, result.Outputs, cmpopts.IgnoreFields(Output{}, "Bytes", "Resize", "Encode")); diff != "" {
		t.Errorf("Outputs -want +got:\n%s", diff)
	}
	for i, v := range variants {
		others := slices.Clone(variants)
		for j := range others {
			others[j].Skip = j != i
		}
		alone, err := Render(t.Context(), source, others, Limits{})
		if err != nil || !bytes.Equal(alone.Outputs[i].Bytes, result.Outputs[i].Bytes) {
			t.Errorf("variant %d (%v) differs when the others are skipped: %v", i, v, err)
		}
	}
}

func TestNoVariantDecodesNothing(t *testing.T) {
	result, err := Render(t.Context(), pngOf(10, 20, 2), nil, Limits{})
	if err != nil || result.Source.Width != 10 || result.Decode != 0 {
		t.Errorf("Render = %+v, %v", result, err)
	}
}

// The same bytes for the same input, in many goroutines at once, and the source is left alone.
func TestDeterministic(t *testing.T) {
	source := encoded(t, PNG, noise(90, 70))
	before := bytes.Clone(source)
	variants := []Variant{{Width: 40, Format: JPEG}, {Width: 40, Format: PNG}, {Width: 40, Format: GIF}, {Format: GIF}}
	results := make([]Result, 8)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() {
			var err error
			if results[i], err = Render(t.Context(), source, variants, Limits{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range results {
		for j, out := range results[i].Outputs {
			if !bytes.Equal(out.Bytes, results[0].Outputs[j].Bytes) {
				t.Errorf("variant %d differs between runs 0 and %d", j, i)
			}
		}
	}
	if !bytes.Equal(before, source) {
		t.Error("Render changed its source")
	}
}

func TestQuality(t *testing.T) {
	source := encoded(t, PNG, noise(200, 200))
	size := func(quality int) int { return len(render1(t, source, Variant{Format: JPEG, Quality: quality}).Bytes) }
	if low, usual, high := size(30), size(0), size(100); low >= usual || usual >= high || usual != size(DefaultQuality) {
		t.Errorf("sizes %d, %d, %d at 30, default, 100: want them to grow", low, usual, high)
	}
}

// Lanczos keeps a soft ramp a ramp, at every phase and in both directions.
func TestResizeKeepsARamp(t *testing.T) {
	ramp := image.NewGray(image.Rect(0, 0, 256, 16))
	for i := range ramp.Pix {
		ramp.Pix[i] = uint8(i % 256)
	}
	for _, width := range []int{32, 100, 255, 400} {
		out := decoded(t, render1(t, encoded(t, PNG, ramp), Variant{Width: width, Upscale: true}).Bytes)
		for x := 4; x < width-4; x++ {
			want := (float64(x)+0.5)*256/float64(width) - 0.5
			if got := float64(at(out, x, 0).R); got < want-1.6 || got > want+1.6 {
				t.Errorf("width %d: sample %d = %v, want %.1f", width, x, got, want)
			}
		}
	}
}

// A picture of one column or row goes through every fit.
func TestThinPictures(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 300}, {300, 1}} {
		for _, fit := range []Fit{Inside, Cover, Fill, Pad, Outside} {
			for _, source := range []Format{JPEG, PNG} {
				file := encoded(t, source, noise(size.X, size.Y))
				for _, format := range []Format{JPEG, PNG, GIF} {
					out := render1(t, file, Variant{Width: 16, Height: 16, Fit: fit, Upscale: true, Format: format})
					if got := decoded(t, out.Bytes).Bounds().Size(); got != image.Pt(out.Width, out.Height) {
						t.Errorf("%v %s %s: %v, want %d x %d", size, fit, format, got, out.Width, out.Height)
					}
				}
			}
		}
	}
}

// countdown is a context that ends after its error has been asked for some times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left == 0 {
		return context.Canceled
	}
	c.left--
	return nil
}

func TestCancelledBetweenAnySteps(t *testing.T) {
	source := encoded(t, PNG, noise(30, 30))
	variants := []Variant{{Width: 10}, {Width: 20}}
	for steps := range 100 {
		result, err := Render(&countdown{t.Context(), steps}, source, variants, Limits{})
		if err == nil {
			if steps < 5 {
				t.Errorf("looked at the context %d times, want at least before and after decoding and in each variant", steps)
			}
			return
		}
		if _, blamed := errors.AsType[*Error](err); blamed || !errors.Is(err, context.Canceled) || result.Outputs != nil {
			t.Fatalf("after %d steps: %v (%T), want context.Canceled and no outputs", steps, err, err)
		}
	}
	t.Error("never done")
}

// A cut that begins between two chroma samples does not shift the colours.
func TestCutOfSubsampledJPEG(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 100, 60))
	for i := range 100 * 60 {
		img.SetNRGBA(i%100, i/100, color.NRGBA{R: uint8(i % 100 * 2), G: uint8(200 - i%100*2), B: uint8(i / 100 * 4), A: 255})
	}
	file := encoded(t, JPEG, img)
	whole := render1(t, file, Variant{Format: PNG}).Bytes
	for _, size := range []image.Point{{33, 33}, {49, 10}, {11, 50}, {61, 60}} {
		v := Variant{Width: size.X, Height: size.Y, Fit: Cover, Format: PNG}
		wantPixels(t, decoded(t, render1(t, file, v).Bytes), decoded(t, render1(t, whole, v).Bytes), 5)
	}
}
