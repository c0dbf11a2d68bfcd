package scaledjpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"
)

// The standard library's decoder is another opinion on the files that the sketches make.
func TestDecode_asImageJPEG(t *testing.T) {
	var d Decoder
	for _, sampling := range [][]Sampling{gray, ycc444, ycc420, {{2, 1}, {1, 1}, {1, 1}}, {{1, 2}, {1, 1}, {1, 1}}, {{4, 1}, {1, 1}, {1, 1}}} {
		s := newSketch(7, 77, 45, 0.3, sampling...)
		s.restart = 2
		compareWithImageJPEG(t, &d, fmt.Sprint(sampling), s.encode(), 2)
		s.restart = 0 // which image/jpeg counts in other units where a scan has one component
		for name, script := range scripts {
			compareWithImageJPEG(t, &d, fmt.Sprint(name, sampling), s.scripted(script).encode(), 2)
		}
	}
}

func compareWithImageJPEG(t *testing.T, d *Decoder, name string, data []byte, tolerance int) {
	t.Helper()
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%s: image/jpeg: %v", name, err)
	}
	m, err := d.Decode(data, 8)
	if err != nil {
		t.Fatalf("%s: Decode at 8/8: %v", name, err)
	}
	defer m.Release()
	for i, want := range planesOf(decoded) {
		got := m.Planes[i]
		want.Width, want.Height = got.Width, got.Height
		if far := farthest(got, want); far > tolerance {
			t.Errorf("%s: plane %d differs from image/jpeg by %d, want at most %d", name, i, far, tolerance)
		}
	}
}

func planesOf(m image.Image) []Plane {
	switch m := m.(type) {
	case *image.Gray:
		return []Plane{{Pix: m.Pix, Stride: m.Stride}}
	case *image.YCbCr:
		return []Plane{{Pix: m.Y, Stride: m.YStride}, {Pix: m.Cb, Stride: m.CStride}, {Pix: m.Cr, Stride: m.CStride}}
	}
	return nil
}
