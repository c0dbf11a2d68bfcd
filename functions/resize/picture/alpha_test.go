package picture

import (
	"image"
	"image/color"
	"testing"
)

func TestTransparentPixelsDoNotBleed(t *testing.T) {
	img := quadrants(64, 64, [4]color.NRGBA{red, {G: 255}, red, {G: 255}}) // the right half is green, if it were seen
	for _, width := range []int{7, 13, 32, 100} {
		out := decoded(t, render1(t, encoded(t, PNG, img), Variant{Width: width, Upscale: true}).Bytes)
		for x := range width {
			if c := at(out, x, 3); c.A > 0 && (c.G > 0 || c.R < 255) {
				t.Errorf("width %d: pixel %d = %v, want red of any alpha", width, x, c)
			}
		}
		if left, right := at(out, 0, 3), at(out, width-1, 3); left.A != 255 || right.A != 0 {
			t.Errorf("width %d: alpha is %d left and %d right, want 255 and 0", width, left.A, right.A)
		}
	}
}

func TestAlphaOntoBackground(t *testing.T) {
	half := color.NRGBA{R: 255, A: 128}
	img := quadrants(64, 32, [4]color.NRGBA{half, {}, half, {}})
	tests := []struct {
		name       string
		background color.NRGBA
		want       [2]color.NRGBA // under half red, and under nothing
	}{
		{"white unless told", color.NRGBA{}, [2]color.NRGBA{{255, 127, 127, 255}, white}},
		{"blue", blue, [2]color.NRGBA{{128, 0, 127, 255}, blue}},
		{"black", color.NRGBA{A: 255}, [2]color.NRGBA{{128, 0, 0, 255}, {A: 255}}},
		{"half blue lies over white", color.NRGBA{B: 255, A: 128}, [2]color.NRGBA{{191, 63, 127, 255}, {127, 127, 255, 255}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := render1(t, encoded(t, PNG, img), Variant{Format: JPEG, Quality: 100, Background: test.background})
			want := quadrants(64, 32, [4]color.NRGBA{test.want[0], test.want[1], test.want[0], test.want[1]})
			wantPixels(t, decoded(t, out.Bytes), want, 4)
		})
	}
}

func TestPNGKeepsAlpha(t *testing.T) {
	half := color.NRGBA{R: 200, G: 100, B: 50, A: 99}
	img := quadrants(64, 32, [4]color.NRGBA{half, {}, half, red})
	wantPixels(t, decoded(t, render1(t, encoded(t, PNG, img), Variant{Background: blue}).Bytes), img, 0)
}

func TestPadKeepsTransparencyOfThePicture(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	out := decoded(t, render1(t, encoded(t, PNG, img), Variant{Width: 4, Height: 4, Fit: Pad}).Bytes)
	if bar, inside := at(out, 1, 0), at(out, 1, 1); bar != white || inside.A != 0 {
		t.Errorf("bar is %v and picture %v, want white and transparent", bar, inside)
	}
	out = decoded(t, render1(t, encoded(t, PNG, img), Variant{Width: 4, Height: 4, Fit: Pad, Background: color.NRGBA{R: 1}}).Bytes)
	if bar := at(out, 1, 0); bar.A != 0 {
		t.Errorf("bar is %v, want the transparent background", bar)
	}
}

func TestGIFCutsAlphaAtHalf(t *testing.T) {
	img := quadrants(64, 32, [4]color.NRGBA{{R: 255, A: 127}, {R: 255, A: 128}, blue, {}})
	want := quadrants(64, 32, [4]color.NRGBA{{}, red, blue, {}})
	wantPixels(t, decoded(t, render1(t, encoded(t, PNG, img), Variant{Format: GIF}).Bytes), want, 0)
}

// A photograph in 256 colours is near the photograph, on average; with transparency one colour less remains.
func TestGIFOfAPhotograph(t *testing.T) {
	for _, transparent := range []bool{false, true} {
		img := noise(120, 90)
		if transparent {
			for x := range 120 {
				img.SetNRGBA(x, 0, color.NRGBA{})
			}
		}
		out := decoded(t, render1(t, encoded(t, PNG, img), Variant{Format: GIF}).Bytes).(*image.Paletted)
		if len(out.Palette) != 256 {
			t.Errorf("palette has %d colours, want 256", len(out.Palette))
		}
		var miss, samples int
		for y := 1; y < 90; y++ {
			for x := range 120 {
				g, w := at(out, x, y), at(img, x, y)
				for _, pair := range [][2]uint8{{g.R, w.R}, {g.G, w.G}, {g.B, w.B}} {
					miss += int(max(pair[0], pair[1]) - min(pair[0], pair[1]))
					samples++
				}
			}
		}
		if mean := float64(miss) / float64(samples); mean > 9 {
			t.Errorf("samples miss by %.1f on average, want at most 9", mean)
		}
		if top := at(out, 5, 0); transparent && top.A != 0 {
			t.Errorf("pixel of the transparent row = %v", top)
		}
	}
}

// A JPEG is padded with what Background says, also where its planes have no sample for that: gray with colour, colour with alpha.
func TestPaddedJPEG(t *testing.T) {
	tests := []struct{ background, want color.NRGBA }{
		{blue, blue},
		{color.NRGBA{R: 9, G: 9, B: 9, A: 255}, color.NRGBA{R: 9, G: 9, B: 9, A: 255}},
		{color.NRGBA{R: 1}, white},
		{color.NRGBA{B: 255, A: 128}, color.NRGBA{R: 127, G: 127, B: 255, A: 255}},
	}
	for _, test := range tests {
		for _, img := range []image.Image{image.NewGray(image.Rect(0, 0, 64, 32)), quadrants(64, 32, asSeen[1])} {
			v := Variant{Width: 64, Height: 64, Fit: Pad, Format: JPEG, Background: test.background, Quality: 100}
			out := decoded(t, render1(t, encoded(t, JPEG, img), v).Bytes)
			if got := at(out, 30, 5); !near(got, test.want, 3) {
				t.Errorf("%T on %v: bar is %v, want %v", img, test.background, got, test.want)
			}
		}
	}
}
