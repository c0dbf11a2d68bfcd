package picture

import (
	"errors"
	"image"
	"image/color"
	"testing"
)

// render1 makes one variant, which must work.
func render1(t testing.TB, source []byte, v Variant) Output {
	t.Helper()
	result, err := Render(t.Context(), source, []Variant{v}, Limits{})
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	if err := result.Outputs[0].Err; err != nil {
		t.Fatalf("Render: output: %v", err)
	}
	return result.Outputs[0]
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code != code {
		t.Errorf("error = %v (%T), want code %s", err, err, code)
		return
	}
	for _, r := range err.Error() {
		if r < ' ' || r == 0x7f || r == '\ufffd' {
			t.Errorf("error %q has unprintable characters", err)
		}
	}
}

// wantPixels compares two pictures by their 8-bit samples, not premultiplied.
func wantPixels(t testing.TB, got, want image.Image, tolerance int) {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("size = %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := at(got, x, y), at(want, x, y)
			if !near(g, w, tolerance) {
				t.Fatalf("pixel at %d,%d = %v, want %v within %d", x, y, g, w, tolerance)
			}
		}
	}
}

func at(img image.Image, x, y int) color.NRGBA {
	b := img.Bounds()
	return color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
}

func near(a, b color.NRGBA, tolerance int) bool {
	far := func(x, y uint8) bool { return max(x, y)-min(x, y) > uint8(tolerance) }
	if a.A == 0 && b.A == 0 {
		return true
	}
	return !far(a.R, b.R) && !far(a.G, b.G) && !far(a.B, b.B) && !far(a.A, b.A)
}

// wantQuarters compares the inner parts of the four quarters: where chroma has half the pixels, the edges between are soft.
func wantQuarters(t testing.TB, got, want image.Image, tolerance int) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("bounds = %v, want %v", got.Bounds(), want.Bounds())
	}
	half := want.Bounds().Size().Div(2)
	for i := range 4 {
		corner := image.Pt(i%2*half.X, i/2*half.Y)
		inner := image.Rectangle{Min: corner, Max: corner.Add(half)}.Inset(5)
		for y := inner.Min.Y; y < inner.Max.Y; y++ {
			for x := inner.Min.X; x < inner.Max.X; x++ {
				if g, w := at(got, x, y), at(want, x, y); !near(g, w, tolerance) {
					t.Fatalf("pixel at %d,%d = %v, want %v within %d", x, y, g, w, tolerance)
				}
			}
		}
	}
}
