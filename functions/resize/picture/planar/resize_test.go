package planar

import (
	"image"
	"math"
	"testing"
)

var filterNames = []string{"Lanczos3", "CatmullRom", "Linear", "Box"}

// largestError resizes and compares with the reference, as rounded and as it is.
func largestError(t *testing.T, width, height int, src Plane, window Window, filter Filter) (rounded int, exact float64) {
	t.Helper()
	dst := New(width, height)
	if err := Resize(dst, src, window, filter); err != nil {
		t.Fatalf("Resize(%d×%d, %d×%d, %v): %v", width, height, src.Width, src.Height, window, err)
	}
	for i, want := range reference(dst, src, window, filter) {
		got := float64(dst.Pix[i])
		exact = max(exact, math.Abs(got-want))
		rounded = max(rounded, int(math.Abs(got-math.Round(want))))
	}
	return rounded, exact
}

func TestResizeIsWithinOneOfRealNumbers(t *testing.T) {
	tests := []struct {
		width, height int
		window        Window
		toX, toY      int
	}{
		{50, 37, Window{0, 0, 50, 37}, 26, 19},
		{100, 75, Window{0, 0, 100, 75}, 68, 51},
		{97, 61, Window{0, 0, 97, 61}, 31, 7},
		{97, 61, Window{0, 0, 96.375, 60.5}, 31, 20},
		{97, 61, Window{13.25, 7.75, 41.5, 50.125}, 40, 48},
		{33, 9, Window{0, 0, 33, 9}, 33, 5},
		{33, 9, Window{0, 0, 33, 9}, 17, 9},
		{33, 9, Window{0.5, 0.5, 32, 8}, 32, 8},
		{20, 14, Window{0, 0, 20, 14}, 75, 60},
		{20, 14, Window{3.5, 4.25, 1, 0.5}, 65, 33},
		{20, 14, Window{-0.5, -1, 21.5, 15}, 21, 15},
		{1, 1, Window{0, 0, 1, 1}, 5, 7},
		{1, 40, Window{0, 0, 1, 40}, 3, 17},
		{40, 1, Window{0, 0, 40, 1}, 17, 3},
		{2, 2, Window{0, 0, 2, 2}, 64, 64},
		{400, 400, Window{0, 0, 400, 400}, 9, 8},
		{640, 48, Window{0, 0, 640, 48}, 30, 32},
		{48, 1600, Window{0, 0, 48, 1600}, 32, 38},
		{700, 700, Window{0, 0, 700, 700}, 1, 1},
	}
	for filter, name := range filterNames {
		t.Run(name, func(t *testing.T) {
			worst := 0.0
			for i, tt := range tests {
				for _, p := range patterns(uint64(i)) {
					src := filled(tt.width, tt.height, p)
					rounded, exact := largestError(t, tt.toX, tt.toY, src, tt.window, Filter(filter))
					worst = max(worst, exact)
					if rounded > 1 || exact > 1.5 {
						t.Errorf("%s %d×%d %v to %d×%d: off by %d (%.3f), want at most 1",
							p.name, tt.width, tt.height, tt.window, tt.toX, tt.toY, rounded, exact)
					}
				}
			}
			t.Logf("largest error %.4f, of which rounding may be 0.5", worst)
		})
	}
}

func TestResizeHugeRatio(t *testing.T) {
	for filter, name := range filterNames {
		for _, p := range patterns(3) {
			for _, size := range []image.Point{{12000, 3}, {3, 12000}} {
				src := filled(size.X, size.Y, p)
				for _, to := range []image.Point{{1, 1}, {3, 2}} {
					if rounded, exact := largestError(t, to.X, to.Y, src, Whole(src), Filter(filter)); rounded > 1 {
						t.Errorf("%s %s %v to %v: off by %.3f", name, p.name, size, to, exact)
					}
				}
			}
		}
	}
}

func TestResizeRefuses(t *testing.T) {
	good := New(8, 6)
	nan := math.NaN()
	tests := []struct {
		name     string
		dst, src Plane
		window   Window
		filter   Filter
	}{
		{"short destination", Plane{Pix: make([]byte, 10), Stride: 4, Width: 4, Height: 4}, good, Whole(good), Lanczos3},
		{"short source", good, Plane{Pix: make([]byte, 15), Stride: 4, Width: 4, Height: 4}, Window{0, 0, 4, 4}, Lanczos3},
		{"stride below width", good, Plane{Pix: make([]byte, 99), Stride: 3, Width: 4, Height: 4}, Window{0, 0, 4, 4}, Lanczos3},
		{"negative size", good, Plane{Width: -1, Height: 1}, Window{0, 0, 1, 1}, Lanczos3},
		{"too large", good, Plane{Width: 1, Height: MaxSide + 1, Stride: 1}, Window{0, 0, 1, 1}, Lanczos3},
		{"empty source", good, Plane{}, Window{}, Lanczos3},
		{"window beyond source", good, good, Window{0, 0, 9.5, 6}, Lanczos3},
		{"window before source", good, good, Window{0, -1.5, 8, 6}, Lanczos3},
		{"window without width", good, good, Window{0, 0, 0, 6}, Lanczos3},
		{"window not a number", good, good, Window{nan, 0, 8, 6}, Lanczos3},
		{"window of no number high", good, good, Window{0, 0, 8, nan}, Lanczos3},
		{"infinite window", good, good, Window{0, 0, math.Inf(1), 6}, Lanczos3},
		{"unknown filter", good, good, Whole(good), filters},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := Resize(tt.dst, tt.src, tt.window, tt.filter); err == nil {
				t.Error("Resize gave no error")
			}
		})
	}
	if err := Resize(Plane{}, good, Whole(good), Lanczos3); err != nil {
		t.Errorf("Resize to an empty plane: %v", err)
	}
}
