package planar

import (
	"bytes"
	"testing"
)

func TestSplitAndJoin(t *testing.T) {
	pix := []byte("rgbaRGBA--r1b1R2G2--")
	planes := make([]Plane, 4)
	for c := range planes {
		planes[c] = filled(2, 2, patterns(1)[10])
	}
	Split(planes, pix, 10)
	for c, want := range []string{"rRrR", "gG12", "bBbG", "aA12"} {
		if got := string(planes[c].Row(0)) + string(planes[c].Row(1)); got != want {
			t.Errorf("plane %d is %q, want %q", c, got, want)
		}
	}
	back := []byte("....................")
	Join(back, 10, planes)
	if want := "rgbaRGBA..r1b1R2G2.."; string(back) != want {
		t.Errorf("Join gave %q, want %q", back, want)
	}
}

func TestPremultiply(t *testing.T) {
	for a := range 256 {
		alpha := Plane{Pix: bytes.Repeat([]byte{byte(a)}, 256), Stride: 256, Width: 256, Height: 1}
		colour := New(256, 1)
		for v := range 256 {
			colour.Pix[v] = byte(v)
		}
		Premultiply(colour, alpha)
		for v, got := range colour.Pix {
			if want := (v*a*2 + 255) / 510; int(got) != want {
				t.Fatalf("%d with alpha %d is %d, want %d", v, a, got, want)
			}
		}
		Unpremultiply(colour, alpha)
		for v, got := range colour.Pix {
			off := int(got) - v
			if a == 0 && got != 0 || a > 0 && max(off, -off)*2*a > 255+a {
				t.Fatalf("%d with alpha %d came back as %d", v, a, got)
			}
		}
	}
	colour := Plane{Pix: []byte{90}, Stride: 1, Width: 1, Height: 1}
	Unpremultiply(colour, Plane{Pix: []byte{80}, Stride: 1, Width: 1, Height: 1})
	if colour.Pix[0] != 255 {
		t.Errorf("90 of alpha 80 is %d, want 255", colour.Pix[0])
	}
}
