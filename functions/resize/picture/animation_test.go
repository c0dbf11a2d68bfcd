package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"math/rand/v2"
	"slices"
	"testing"
)

// compose shows an animation in the plainest way: what a viewer sees of each frame.
func compose(t testing.TB, file []byte) (*gif.GIF, []*image.NRGBA) {
	t.Helper()
	a, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	screen := image.NewNRGBA(image.Rect(0, 0, a.Config.Width, a.Config.Height))
	var shown []*image.NRGBA
	for i, m := range a.Image {
		before := copied(screen)
		draw.Draw(screen, m.Rect, m, m.Rect.Min, draw.Over)
		shown = append(shown, copied(screen))
		switch a.Disposal[i] {
		case gif.DisposalBackground:
			draw.Draw(screen, m.Rect, image.Transparent, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			screen = before
		}
	}
	return a, shown
}

func copied(img *image.NRGBA) *image.NRGBA {
	return &image.NRGBA{Pix: bytes.Clone(img.Pix), Stride: img.Stride, Rect: img.Rect}
}

// animationOf makes an animation of n frames, of any place, disposal, palette and transparency.
func animationOf(t testing.TB, r *rand.Rand, w, h, n, loops int) []byte {
	t.Helper()
	a := gif.GIF{LoopCount: loops, Config: image.Config{Width: w, Height: h}}
	for range n {
		var rect image.Rectangle
		for rect.Empty() {
			rect = image.Rect(r.IntN(w+1), r.IntN(h+1), r.IntN(w+1), r.IntN(h+1))
		}
		palette := color.Palette{color.NRGBA{}}
		for range 5 {
			palette = append(palette, color.NRGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
		m := image.NewPaletted(rect, palette)
		for i := range m.Pix {
			m.Pix[i] = uint8(r.IntN(len(palette)) * r.IntN(2))
		}
		a.Image = append(a.Image, m)
		a.Delay = append(a.Delay, r.IntN(300))
		a.Disposal = append(a.Disposal, byte(r.IntN(4)))
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every frame of the output is what the variant makes of what the source shows. Few pixels have few colours: none is lost.
func TestAnimation(t *testing.T) {
	variants := []Variant{
		{}, {Width: 13}, {Width: 9, Height: 9, Fit: Cover, Format: GIF}, {Width: 14, Height: 12, Fit: Pad},
		{Width: 14, Height: 12, Fit: Pad, Background: color.NRGBA{R: 1}}, {Width: 15, Height: 4, Fit: Fill, Upscale: true},
	}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		loops := []int{-1, 0, 1, 7}[seed%4]
		source := animationOf(t, r, 12+r.IntN(4), 9+r.IntN(4), 2+r.IntN(12), loops)
		in, shown := compose(t, source)
		for _, v := range variants {
			t.Run(fmt.Sprintf("seed %d %s %d", seed, v.Fit, v.Width), func(t *testing.T) {
				out, got := compose(t, render1(t, source, v).Bytes)
				if len(got) != len(shown) || out.LoopCount != loops {
					t.Fatalf("%d frames, loop count %d, want %d, %d", len(got), out.LoopCount, len(shown), loops)
				}
				for i := range got {
					if out.Delay[i] != in.Delay[i] {
						t.Errorf("frame %d lasts %d, want %d", i, out.Delay[i], in.Delay[i])
					}
					wantClearable(t, out, i)
					still := canvas{pixels: copied(shown[i])}
					s := showing{plan: newPlan(shown[i].Rect.Size(), v), variant: v}
					want, err := s.draw(still.raster())
					if err != nil {
						t.Fatal(err)
					}
					wantPixels(t, got[i], want, 0)
				}
			})
		}
	}
}

// filmOf is an animation of whole frames.
func filmOf(t testing.TB, frames ...*image.NRGBA) []byte {
	t.Helper()
	var a gif.GIF
	for _, img := range frames {
		a.Image = append(a.Image, forGIF(copied(img)).(*image.Paletted))
		a.Delay = append(a.Delay, 4)
		a.Disposal = append(a.Disposal, gif.DisposalBackground)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &a); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnimationTakesPixelsAway(t *testing.T) {
	var frames []*image.NRGBA
	for i := range 4 {
		img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
		draw.Draw(img, image.Rect(10*i, 5, 10*i+10, 15), image.NewUniform(red), image.Point{}, draw.Src)
		frames = append(frames, img)
	}
	_, got := compose(t, render1(t, filmOf(t, frames...), Variant{}).Bytes)
	for i := range frames {
		wantPixels(t, got[i], frames[i], 0)
	}
}

// wantClearable wants a transparent colour of a frame that is taken away: there are readers that clear to the background else.
func wantClearable(t testing.TB, a *gif.GIF, i int) {
	t.Helper()
	if a.Disposal[i] == gif.DisposalBackground && !slices.ContainsFunc(a.Image[i].Palette, transparent) {
		t.Errorf("frame %d is taken away and has no transparent colour", i)
	}
}

// A frame whose palette is full already gives up one of its colours.
func TestAnimationTakesManyColoursAway(t *testing.T) {
	full, none := image.NewNRGBA(image.Rect(0, 0, 16, 16)), image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for i := range 256 {
		full.SetNRGBA(i%16, i/16, color.NRGBA{uint8(i % 16 * 17), uint8(i / 16 * 17), 99, 255})
	}
	a, got := compose(t, render1(t, filmOf(t, full, none, full), Variant{}).Bytes)
	wantClearable(t, a, 0)
	wantPixels(t, got[0], full, 20)
	wantPixels(t, got[1], none, 0)
	wantPixels(t, got[2], full, 0)
}

// Only what changes is written.
func TestAnimationIsSmall(t *testing.T) {
	const n = 20
	first := noise(120, 90)
	for i := range first.Pix {
		first.Pix[i] |= 0x3f // few colours: a palette of others would change all pixels
	}
	frames := slices.Repeat([]*image.NRGBA{first}, n)
	alone := len(render1(t, filmOf(t, first), Variant{Width: 100}).Bytes)
	still := len(render1(t, filmOf(t, frames...), Variant{Width: 100}).Bytes)
	const empty = 30 // bytes of a frame that changes nothing
	if still > alone+n*empty {
		t.Errorf("%d frames that are the same take %d bytes, one takes %d", n, still, alone)
	}
	frames[n-1] = copied(first)
	draw.Draw(frames[n-1], image.Rect(8, 8, 16, 16), image.NewUniform(red), image.Point{}, draw.Src)
	alone = len(render1(t, filmOf(t, first), Variant{}).Bytes)
	if size := len(render1(t, filmOf(t, frames...), Variant{}).Bytes); size > alone+n*empty+100 {
		t.Errorf("a change of 64 pixels makes %d bytes of %d", size, alone)
	}
}

func TestAnimationOfManyColours(t *testing.T) {
	frames := []*image.NRGBA{soft(100, 80), noise(100, 80), soft(100, 80)}
	source := filmOf(t, frames...)
	_, shown := compose(t, source)
	_, got := compose(t, render1(t, source, Variant{}).Bytes)
	for i := range got {
		wantPixels(t, got[i], shown[i], 0)
	}
	_, got = compose(t, render1(t, source, Variant{Width: 60}).Bytes)
	for i := range got {
		want := decoded(t, render1(t, encoded(t, PNG, shown[i]), Variant{Width: 60}).Bytes)
		if quality := psnr(t, got[i], want); quality < 30 {
			t.Errorf("frame %d: PSNR is %.1f dB", i, quality)
		}
	}
}

// All but GIF take the first frame, and a GIF of one frame is a still.
func TestAnimationElsewhere(t *testing.T) {
	source := filmOf(t, soft(30, 20), noise(30, 20))
	first := decoded(t, filmOf(t, soft(30, 20)))
	wantPixels(t, decoded(t, render1(t, source, Variant{Format: PNG}).Bytes), first, 0)
	one := render1(t, filmOf(t, soft(30, 20)), Variant{}).Bytes
	if again := render1(t, encoded(t, PNG, first), Variant{Format: GIF}).Bytes; !bytes.Equal(one, again) {
		t.Error("a GIF of one frame is not written as a still")
	}
}

// A frame that is broken spoils what needs it.
func TestAnimationBroken(t *testing.T) {
	source := filmOf(t, noise(30, 20), noise(30, 20), noise(30, 20))
	whole, err := splitGIF(source, 9)
	if err != nil || len(whole.frames) != 3 {
		t.Fatalf("%d frames, %v", len(whole.frames), err)
	}
	third := len(source) - 1 - len(whole.frames[2].blocks)
	garbled := bytes.Clone(source)
	for i := range 60 {
		garbled[len(garbled)-100+i] ^= 0x55
	}
	tests := map[string]struct {
		source []byte
		code   string
	}{
		"without its trailer":      {source[:len(source)-1], ""},
		"cut in its third frame":   {source[:len(source)-40], DecodeFailed},
		"cut in its second frame":  {source[:third-40], DecodeFailed},
		"cut behind its second":    {source[:third], ""},
		"with an unknown block":    {append(bytes.Clone(source[:third]), "hello"...), DecodeFailed},
		"with garbled pixels":      {garbled, DecodeFailed},
		"with more behind its end": {append(bytes.Clone(source), "hello"...), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result, err := Render(t.Context(), test.source, []Variant{{Width: 9}, {Format: JPEG}}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if test.code != "" {
				wantCode(t, result.Outputs[0].Err, test.code)
			} else if result.Outputs[0].Err != nil {
				t.Errorf("Render: %v", result.Outputs[0].Err)
			}
			if err := result.Outputs[1].Err; err != nil {
				t.Errorf("the first frame as a JPEG: %v", err)
			}
		})
	}
	for cut := range source { // whatever is missing, nothing panics
		_, _ = splitGIF(source[:cut], 9)
	}
}

func TestAnimationLimits(t *testing.T) {
	source := filmOf(t, noise(30, 20), noise(30, 20), noise(30, 20))
	tests := map[string]struct {
		limits Limits
		v      Variant
		code   string
	}{
		"just enough":            {Limits{MaxFrames: 3, MaxAnimationPixels: 1800}, Variant{}, ""},
		"one frame too many":     {Limits{MaxFrames: 2}, Variant{}, TooManyFrames},
		"one pixel too many":     {Limits{MaxAnimationPixels: 1799}, Variant{Width: 3}, TooManyAnimationPixels},
		"enlarged too far":       {Limits{MaxAnimationPixels: 1800}, Variant{Width: 31, Upscale: true}, TooManyAnimationPixels},
		"one frame is no matter": {Limits{MaxFrames: 1, MaxAnimationPixels: 1}, Variant{Format: PNG}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			result, err := Render(t.Context(), source, []Variant{test.v, {Format: JPEG}}, test.limits)
			if err != nil {
				t.Fatal(err)
			}
			if test.code != "" {
				wantCode(t, result.Outputs[0].Err, test.code)
			} else if result.Outputs[0].Err != nil {
				t.Errorf("Render: %v", result.Outputs[0].Err)
			}
			if err := result.Outputs[1].Err; err != nil {
				t.Errorf("the first frame as a JPEG: %v", err)
			}
		})
	}
}

// Variants of one animation are what they are alone, whether their frames were decoded together or not.
func TestAnimationVariantsTogether(t *testing.T) {
	source := animationOf(t, rand.New(rand.NewPCG(7, 1)), 40, 30, 9, 0)
	variants := []Variant{{Width: 20}, {Width: 10, Format: PNG}, {}, {Width: 25, Fit: Pad, Height: 25}, {Width: 8}, {Width: 60, Upscale: true}, {Width: 5}}
	result, err := Render(t.Context(), source, variants, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range variants {
		if alone := render1(t, source, v); !bytes.Equal(alone.Bytes, result.Outputs[i].Bytes) {
			t.Errorf("variant %d differs from itself alone: %v", i, result.Outputs[i].Err)
		}
	}
	cut, err := Render(t.Context(), source[:len(source)-40], variants, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range variants {
		if v.Format == PNG && cut.Outputs[i].Err == nil {
			continue
		}
		wantCode(t, cut.Outputs[i].Err, DecodeFailed)
	}
}

// What is made at a time has no more pixels than the source, or is one output.
func TestAnimationTogether(t *testing.T) {
	a := animation{size: image.Pt(10, 10)}
	for _, test := range []struct {
		sides []int
		want  int
	}{
		{[]int{5}, 1}, {[]int{5, 5, 5, 5, 1}, 4}, {[]int{10, 1}, 1}, {[]int{20, 1}, 1}, {[]int{9, 4, 2}, 2}, {[]int{1, 10}, 1},
	} {
		var showings []*showing
		for _, side := range test.sides {
			showings = append(showings, &showing{plan: plan{canvas: image.Pt(side, side)}})
		}
		if got := a.together(showings); got != test.want {
			t.Errorf("of sides %v %d are made together, want %d", test.sides, got, test.want)
		}
	}
}

func TestAnimationCancelled(t *testing.T) {
	source := filmOf(t, noise(30, 20), noise(30, 20), noise(30, 20))
	for steps := range 100 {
		result, err := Render(&countdown{t.Context(), steps}, source, []Variant{{Width: 9}}, Limits{})
		if err == nil {
			if steps < 5 {
				t.Errorf("looked at the context %d times, want at least once a frame", steps)
			}
			return
		}
		if !errors.Is(err, context.Canceled) || result.Outputs != nil {
			t.Fatalf("after %d steps: %v, want context.Canceled and no outputs", steps, err)
		}
	}
	t.Error("never done")
}

func BenchmarkAnimation(b *testing.B) {
	var frames []*image.NRGBA
	for i := range 10 {
		img := soft(500, 375)
		draw.Draw(img, image.Rect(40*i, 100, 40*i+100, 200), noise(100, 100), image.Point{}, draw.Src)
		frames = append(frames, img)
	}
	for name, file := range map[string][]byte{"part": filmOf(b, frames...), "whole": filmOf(b, soft(500, 375), noise(500, 375), soft(500, 375))} {
		for _, variants := range [][]Variant{{{Width: 256}}, {{Width: 256}, {Width: 128}, {Width: 64}}} {
			b.Run(fmt.Sprintf("%s to %d", name, len(variants)), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					result, err := Render(b.Context(), file, variants, Limits{})
					if err != nil || result.Outputs[0].Err != nil {
						b.Fatal(err, result.Outputs[0].Err)
					}
					b.ReportMetric(float64(len(result.Outputs[0].Bytes)), "bytes")
				}
			})
		}
	}
}
