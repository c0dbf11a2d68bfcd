package planar

import (
	"bytes"
	"image"
	"testing"
)

func TestOrient(t *testing.T) {
	src := Plane{Pix: []byte("abc_def"), Stride: 4, Width: 3, Height: 2}
	tests := []struct {
		orientation, width int
		want               string
	}{
		{0, 3, "abcdef"}, {1, 3, "abcdef"}, {2, 3, "cbafed"}, {3, 3, "fedcba"}, {4, 3, "defabc"},
		{5, 2, "adbecf"}, {6, 2, "daebfc"}, {7, 2, "fcebda"}, {8, 2, "cfbead"}, {9, 3, "abcdef"},
	}
	for _, tt := range tests {
		got := Orient(src, tt.orientation)
		var pix []byte
		for y := range got.Height {
			pix = append(pix, got.Row(y)...)
		}
		if string(pix) != tt.want || got.Width != tt.width {
			t.Errorf("Orient(abc/def, %d) = %s, %d wide, want %s, %d wide", tt.orientation, pix, got.Width, tt.want, tt.width)
		}
	}
}

func TestOrientThereAndBack(t *testing.T) {
	back := []int{1, 2, 3, 4, 5, 8, 7, 6}
	for _, size := range []image.Point{{1, 1}, {1, 50}, {50, 1}, {31, 33}, {32, 64}, {100, 67}} {
		src := filled(size.X, size.Y, patterns(1)[0])
		want := New(size.X, size.Y)
		want.copyFrom(src)
		for i, undo := range back {
			got := Orient(Orient(src, i+1), undo)
			tight := New(got.Width, got.Height)
			tight.copyFrom(got)
			if got.Width != size.X || got.Height != size.Y || !bytes.Equal(tight.Pix, want.Pix) {
				t.Errorf("%v: orientation %d, then %d, is not the start", size, i+1, undo)
			}
		}
	}
}

func TestCrop(t *testing.T) {
	src := Plane{Pix: []byte("abc_def_ghi"), Stride: 4, Width: 3, Height: 3}
	tests := []struct {
		r    image.Rectangle
		want string
	}{
		{image.Rect(0, 0, 3, 3), "abc_def_ghi"},
		{image.Rect(1, 1, 3, 2), "ef"},
		{image.Rect(1, 1, 9, 9), "ef_ghi"[:2] + "_g" + "hi"},
		{image.Rect(-5, -5, 1, 1), "a"},
		{image.Rect(3, 0, 4, 3), ""},
		{image.Rectangle{}, ""},
	}
	for _, tt := range tests {
		got := src.Crop(tt.r)
		if string(got.Pix) != tt.want {
			t.Errorf("Crop(%v) has samples %q, want %q", tt.r, got.Pix, tt.want)
		}
		if err := got.check(); err != nil {
			t.Errorf("Crop(%v): %v", tt.r, err)
		}
	}
}

func TestPad(t *testing.T) {
	src := Plane{Pix: []byte("ab_cd"), Stride: 3, Width: 2, Height: 2}
	tests := []struct {
		width, height int
		position      image.Point
		want          string
	}{
		{4, 3, image.Pt(1, 1), "....\x00.ab.\x00.cd."},
		{4, 3, image.Pt(0, 0), "ab..\x00cd..\x00...."},
		{2, 2, image.Pt(0, 0), "ab\x00cd"},
		{2, 2, image.Pt(-1, -1), "d.\x00.."},
		{2, 2, image.Pt(1, -1), ".c\x00.."},
		{1, 1, image.Pt(0, -1), "c"},
		{2, 2, image.Pt(5, 0), "..\x00.."},
		{2, 2, image.Pt(0, -9), "..\x00.."},
	}
	for _, tt := range tests {
		dst := Plane{Stride: tt.width + 1, Width: tt.width, Height: tt.height}
		dst.Pix = make([]byte, (tt.height-1)*dst.Stride+tt.width)
		Pad(dst, src, tt.position, '.')
		if string(dst.Pix) != tt.want {
			t.Errorf("Pad(%d×%d, at %v) = %q, want %q", tt.width, tt.height, tt.position, dst.Pix, tt.want)
		}
	}
}
