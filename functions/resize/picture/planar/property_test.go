package planar

import (
	"bytes"
	"image"
	"testing"
)

func TestResizeKeepsConstants(t *testing.T) {
	for filter := range filters {
		for _, value := range []byte{0, 1, 127, 254, 255} {
			src := filled(83, 71, pattern{at: func(int, int) byte { return value }})
			for _, to := range []image.Point{{1, 1}, {7, 90}, {40, 41}, {200, 3}} {
				dst := New(to.X, to.Y)
				if err := Resize(dst, src, Window{0.25, 1.5, 80, 69.5}, filter); err != nil {
					t.Fatal(err)
				}
				for _, got := range dst.Pix {
					if got != value {
						t.Fatalf("%s of constant %d to %v gave %d", filterNames[filter], value, to, got)
					}
				}
			}
		}
	}
}

func TestResizeOfMirrorIsMirrorOfResize(t *testing.T) {
	for filter := range filters {
		for i, tt := range []struct{ width, height, toX, toY int }{
			{64, 48, 32, 24}, {50, 37, 26, 19}, {97, 61, 31, 7}, {20, 14, 75, 61}, {640, 200, 30, 13}, {8, 8, 4, 2}, {1500, 5, 3, 5},
		} {
			src := filled(tt.width, tt.height, patterns(uint64(i))[0])
			window := Whole(src)
			dst, mirrored := New(tt.toX, tt.toY), New(tt.toX, tt.toY)
			if err := Resize(dst, src, window, filter); err != nil {
				t.Fatal(err)
			}
			if err := Resize(mirrored, Orient(src, 3), window, filter); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(Orient(mirrored, 3).Pix, dst.Pix) {
				t.Errorf("%s %v: mirrored source gave another picture", filterNames[filter], tt)
			}
		}
	}
}

func TestResizeOfWindowIsResizeOfCrop(t *testing.T) {
	for filter := range filters {
		src := filled(90, 70, patterns(9)[0])
		for _, r := range []image.Rectangle{image.Rect(0, 0, 90, 70), image.Rect(7, 11, 63, 50), image.Rect(89, 69, 90, 70), image.Rect(1, 0, 3, 70)} {
			for _, to := range []image.Point{{1, 1}, {20, 13}, {56, 39}, {56, 13}, {100, 99}} {
				cropped := New(r.Dx(), r.Dy())
				cropped.copyFrom(src.Crop(r))
				want, got := New(to.X, to.Y), New(to.X, to.Y)
				if err := Resize(want, cropped, Whole(cropped), filter); err != nil {
					t.Fatal(err)
				}
				window := Window{float64(r.Min.X), float64(r.Min.Y), float64(r.Dx()), float64(r.Dy())}
				if err := Resize(got, src, window, filter); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Pix, want.Pix) {
					t.Errorf("%s: window %v to %v is not the resize of its copy", filterNames[filter], r, to)
				}
			}
		}
	}
}

func TestResizeOfSameSizeCopies(t *testing.T) {
	src := filled(40, 30, patterns(1)[0])
	for filter := range filters {
		dst := New(20, 10)
		if err := Resize(dst, src, Window{5, 6, 20, 10}, filter); err != nil {
			t.Fatal(err)
		}
		for y := range 10 {
			if !bytes.Equal(dst.Row(y), src.Row(y + 6)[5:25]) {
				t.Errorf("%s: row %d differs", filterNames[filter], y)
			}
		}
	}
}

func TestResizeLeavesGapsAlone(t *testing.T) {
	src := filled(64, 64, patterns(1)[0])
	for width := 1; width < 40; width++ {
		dst := filled(width, 9, patterns(2)[0])
		if err := Resize(dst, src, Whole(src), Lanczos3); err != nil {
			t.Fatal(err)
		}
		for i, v := range dst.Pix {
			if i%dst.Stride >= width && v != 0xA5 {
				t.Fatalf("width %d: byte %d beyond a row was written", width, i)
			}
		}
	}
}
