package picture

import (
	"image"
	"image/color"
	"image/draw"
	"testing"
)

func TestFit(t *testing.T) {
	const up = true
	tests := []struct {
		name          string
		w, h          int
		fit           Fit
		upscale       bool
		width, height int
		wantW, wantH  int
	}{
		{"inside landscape meets the width", 500, 375, Inside, false, 256, 256, 256, 192},
		{"inside is the default", 500, 375, "", false, 256, 256, 256, 192},
		{"inside portrait meets the height", 375, 500, Inside, false, 256, 256, 192, 256},
		{"inside rounds to the nearest pixel", 2725, 2225, Inside, false, 320, 240, 294, 240},
		{"inside rounds half up", 200, 101, Inside, false, 100, 0, 100, 51},
		{"inside by width only", 500, 375, Inside, false, 100, 0, 100, 75},
		{"inside by height only", 500, 375, Inside, false, 0, 100, 133, 100},
		{"inside free on both sides keeps the size", 500, 375, Inside, false, 0, 0, 500, 375},
		{"inside does not enlarge", 100, 50, Inside, false, 256, 256, 100, 50},
		{"inside enlarges when told", 100, 50, Inside, up, 256, 256, 256, 128},
		{"inside of a thread keeps one pixel", 5000, 2, Inside, false, 100, 100, 100, 1},
		{"cover landscape", 500, 375, Cover, false, 256, 256, 256, 256},
		{"cover portrait", 375, 500, Cover, false, 200, 100, 200, 100},
		{"cover too small is only cut", 100, 50, Cover, false, 80, 80, 80, 50},
		{"cover smaller on both sides stays", 100, 50, Cover, false, 256, 256, 100, 50},
		{"cover enlarges when told", 100, 50, Cover, up, 256, 256, 256, 256},
		{"cover of one pixel", 1, 1, Cover, up, 7, 3, 7, 3},
		{"cover odd sizes", 333, 777, Cover, false, 101, 51, 101, 51},
		{"fill ignores the aspect", 500, 375, Fill, false, 100, 300, 100, 300},
		{"fill shrinks one side, leaves the other", 500, 375, Fill, false, 100, 400, 100, 375},
		{"fill enlarges when told", 500, 375, Fill, up, 100, 400, 100, 400},
		{"pad landscape", 500, 375, Pad, false, 256, 256, 256, 256},
		{"pad portrait", 375, 500, Pad, false, 300, 200, 300, 200},
		{"pad too small still fills the canvas", 100, 50, Pad, false, 256, 257, 256, 257},
		{"pad enlarges when told", 100, 50, Pad, up, 256, 256, 256, 256},
		{"outside landscape meets the height", 2725, 2225, Outside, false, 320, 240, 320, 261},
		{"outside portrait meets the width", 375, 500, Outside, false, 100, 100, 100, 133},
		{"outside by width only", 500, 375, Outside, false, 100, 0, 100, 75},
		{"outside too small on one side stays", 500, 375, Outside, false, 100, 400, 500, 375},
		{"outside enlarges when told", 100, 50, Outside, up, 256, 256, 512, 256},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v := Variant{Width: test.width, Height: test.height, Fit: test.fit, Upscale: test.upscale, Format: PNG}
			p := newPlan(image.Pt(test.w, test.h), v)
			if want := image.Pt(test.wantW, test.wantH); p.canvas != want {
				t.Fatalf("canvas = %v, want %v", p.canvas, want)
			}
			if test.w*test.h > 1<<20 {
				return // the plan alone will do
			}
			out := render1(t, encoded(t, PNG, image.NewGray(image.Rect(0, 0, test.w, test.h))), v)
			if out.Width != test.wantW || out.Height != test.wantH {
				t.Errorf("Output = %d x %d, want %d x %d", out.Width, out.Height, test.wantW, test.wantH)
			}
			if got := decoded(t, out.Bytes).Bounds().Size(); got != p.canvas {
				t.Errorf("file = %v, want %v", got, p.canvas)
			}
		})
	}
}

// Properties that hold for every size, checked on many.
func TestFitHoldsForAllSizes(t *testing.T) {
	sides := []int{1, 2, 3, 5, 64, 99, 100, 101, 257, 4000}
	for _, w := range sides {
		for _, h := range sides {
			for _, width := range sides {
				for _, height := range sides {
					for _, up := range []bool{false, true} {
						checkFits(t, image.Pt(w, h), width, height, up)
					}
				}
			}
		}
	}
}

func checkFits(t *testing.T, source image.Point, width, height int, up bool) {
	t.Helper()
	want := image.Pt(width, height)
	for _, fit := range []Fit{Inside, Cover, Fill, Pad, Outside} {
		p := newPlan(source, Variant{Width: width, Height: height, Fit: fit, Upscale: up})
		ok := p.scaled.X >= 1 && p.scaled.Y >= 1 && p.crop.In(image.Rectangle{Max: source}) && !p.crop.Empty()
		if !up {
			ok = ok && p.scaled.X <= source.X && p.scaled.Y <= source.Y
		}
		switch fit {
		case Inside:
			ok = ok && p.scaled.X <= width && p.scaled.Y <= height && (!up || p.scaled.X == width || p.scaled.Y == height)
		case Cover:
			ok = ok && p.scaled.X <= width && p.scaled.Y <= height && (!up || p.scaled == want)
		case Fill:
			ok = ok && (p.scaled == want || !up)
		case Pad:
			ok = ok && p.canvas == want && p.scaled.X <= width && p.scaled.Y <= height
		case Outside:
			ok = ok && (!up || p.scaled.X >= width && p.scaled.Y >= height)
		}
		if !ok {
			t.Fatalf("%v to %v, fit %s, upscale %v: %+v", source, want, fit, up, p)
		}
	}
}

func TestCoverKeepsTheMiddle(t *testing.T) {
	img := quadrants(90, 30, [4]color.NRGBA{red, red, red, red})
	draw.Draw(img, image.Rect(30, 0, 60, 30), image.NewUniform(green), image.Point{}, draw.Src)
	want := quadrants(15, 15, [4]color.NRGBA{green, green, green, green})
	out := render1(t, encoded(t, PNG, img), Variant{Width: 15, Height: 15, Fit: Cover})
	wantPixels(t, decoded(t, out.Bytes), want, 0)
}

func TestPadCentres(t *testing.T) {
	img := quadrants(20, 10, [4]color.NRGBA{red, red, red, red})
	want := quadrants(21, 21, [4]color.NRGBA{blue, blue, blue, blue})
	draw.Draw(want, image.Rect(0, 5, 20, 15), img, image.Point{}, draw.Src)
	out := render1(t, encoded(t, PNG, img), Variant{Width: 21, Height: 21, Fit: Pad, Background: blue})
	wantPixels(t, decoded(t, out.Bytes), want, 0)
}
