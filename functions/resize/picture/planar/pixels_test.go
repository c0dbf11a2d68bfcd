package planar

import (
	"bytes"
	"fmt"
	"image"
	"slices"
	"testing"
)

// pixelsOf is a picture of several channels, and the same as planes.
func pixelsOf(width, height, channels int) (Pixels, []Plane) {
	p := Pixels{Stride: width*channels + 3, Width: width, Height: height, Channels: channels}
	p.Pix = filled(p.Stride, height, patterns(uint64(width))[0]).Pix
	p.Pix = slices.Clip(p.Pix[:(height-1)*p.Stride+width*channels])
	planes := make([]Plane, channels)
	for c := range planes {
		planes[c] = New(width, height)
	}
	Split(planes, p.Pix, p.Stride)
	return p, planes
}

func TestResizePixelsIsResizeOfEachChannel(t *testing.T) {
	tests := []struct {
		width, height int
		window        Window
		toX, toY      int
	}{
		{50, 37, Window{0, 0, 50, 37}, 26, 19},
		{97, 61, Window{13.25, 7.75, 41.5, 50.125}, 40, 48},
		{33, 9, Window{3, 2, 20, 7}, 20, 7}, // is copied
		{20, 14, Window{-0.5, -1, 21.5, 15}, 75, 60},
		{1, 40, Window{0, 0, 1, 40}, 3, 17},
		{640, 5, Window{0, 0, 640, 5}, 3, 3}, // many taps
		{5, 900, Window{0, 0, 5, 900}, 4, 3},
	}
	for _, tt := range tests {
		for channels := 1; channels <= MaxChannels; channels++ {
			for made := 1; made <= channels; made++ {
				for filter, name := range filterNames {
					src, planes := pixelsOf(tt.width, tt.height, channels)
					got := make([]Plane, made)
					for c := range got {
						got[c] = New(tt.toX, tt.toY)
					}
					if err := ResizePixels(got, src, tt.window, Filter(filter)); err != nil {
						t.Fatal(err)
					}
					for c := range got {
						want := New(tt.toX, tt.toY)
						if err := Resize(want, planes[c], tt.window, Filter(filter)); err != nil {
							t.Fatal(err)
						}
						if !bytes.Equal(got[c].Pix, want.Pix) {
							t.Fatalf("%s, %d×%d to %d×%d, channel %d of %d differs", name, tt.width, tt.height, tt.toX, tt.toY, c, channels)
						}
					}
				}
			}
		}
	}
}

func TestResizePixelsRefuses(t *testing.T) {
	good, _ := pixelsOf(8, 6, 4)
	whole := Window{0, 0, 8, 6}
	change := func(edit func(*Pixels)) Pixels {
		p := good
		edit(&p)
		return p
	}
	four := func(sizes ...image.Point) (planes []Plane) {
		for _, s := range sizes {
			planes = append(planes, New(s.X, s.Y))
		}
		return planes
	}
	size := image.Pt(3, 2)
	tests := map[string]struct {
		dst    []Plane
		src    Pixels
		window Window
		filter Filter
	}{
		"no channels":             {nil, change(func(p *Pixels) { p.Channels = 0 }), whole, Box},
		"five channels":           {four(size), change(func(p *Pixels) { p.Channels = 5 }), whole, Box},
		"more planes":             {four(size, size), change(func(p *Pixels) { p.Channels = 1 }), whole, Box},
		"planes of several sizes": {four(size, image.Pt(2, 3)), good, whole, Box},
		"few samples":             {four(size), change(func(p *Pixels) { p.Pix = p.Pix[1:] }), whole, Box},
		"a short stride":          {four(size), change(func(p *Pixels) { p.Stride = 31 }), whole, Box},
		"a stride beyond all":     {four(size), change(func(p *Pixels) { p.Stride = 1 << 60 }), whole, Box},
		"no pixels":               {four(size), Pixels{Channels: 4}, Window{}, Box},
		"another window":          {four(size), good, Window{0, 0, 10, 6}, Box},
		"unknown filter":          {four(size), good, whole, filters},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := ResizePixels(tt.dst, tt.src, tt.window, tt.filter); err == nil {
				t.Error("ResizePixels gave no error")
			}
		})
	}
	if err := ResizePixels(nil, good, whole, Box); err != nil {
		t.Errorf("ResizePixels to nothing: %v", err)
	}
}

func TestPremultiplyPixels(t *testing.T) {
	for a := range 256 {
		p := Pixels{Stride: 1030, Width: 256, Height: 1, Channels: 4}
		for v := range 256 {
			p.Pix = append(p.Pix, byte(v), byte(255-v), byte(v*7), byte(a))
		}
		planes := []Plane{New(256, 1), New(256, 1), New(256, 1), New(256, 1)}
		Split(planes, p.Pix, p.Stride)
		PremultiplyPixels(p)
		for c, plane := range planes {
			if c < 3 {
				Premultiply(plane, planes[3])
			}
			for x, want := range plane.Pix {
				if got := p.Pix[4*x+c]; got != want {
					t.Fatalf("sample %d of pixel %d with alpha %d is %d, want %d", c, x, a, got, want)
				}
			}
		}
	}
}

func BenchmarkResizePixels(b *testing.B) {
	for _, size := range append(benchSizes, struct{ from, to image.Point }{image.Pt(4000, 3000), image.Pt(256, 192)}) {
		src, _ := pixelsOf(size.from.X, size.from.Y, 4)
		for made := 3; made <= 4; made++ {
			dst := make([]Plane, made)
			for c := range dst {
				dst[c] = New(size.to.X, size.to.Y)
			}
			b.Run(fmt.Sprintf("%dx%d/%d", size.from.X, size.to.X, made), func(b *testing.B) {
				for b.Loop() {
					if err := ResizePixels(dst, src, Window{Width: float64(size.from.X), Height: float64(size.from.Y)}, Lanczos3); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkPremultiplyPixels(b *testing.B) {
	src, _ := pixelsOf(4000, 3000, 4)
	for b.Loop() {
		PremultiplyPixels(src)
	}
}
