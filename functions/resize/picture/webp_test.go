package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"sync"
	"testing"

	webpwriter "github.com/gen2brain/webp"
	"golang.org/x/image/webp"
)

// webpFile is of either kind. A lossless one keeps the colours of transparent pixels too.
func webpFile(t testing.TB, img image.Image, lossless bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := webpwriter.Encode(&b, img, webpwriter.Options{Quality: 90, Method: 0, Lossless: lossless, Exact: lossless}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// soft is a picture without the fine grain and hard edges that every lossy format gives up.
func soft(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			wave := 40 * math.Sin(float64(x)/17) * math.Cos(float64(y)/13)
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(x*200/w + 20), G: uint8(y*200/h + 20), B: uint8(120 + wave), A: 255})
		}
	}
	return img
}

// psnr is of the colours, in dB.
func psnr(t testing.TB, got, want image.Image) float64 {
	t.Helper()
	if got.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("size = %v, want %v", got.Bounds().Size(), want.Bounds().Size())
	}
	var sum, n float64
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			g, w := at(got, x, y), at(want, x, y)
			for _, d := range []float64{float64(g.R) - float64(w.R), float64(g.G) - float64(w.G), float64(g.B) - float64(w.B)} {
				sum, n = sum+d*d, n+1
			}
		}
	}
	return 10 * math.Log10(255*255*n/sum)
}

func TestWebP(t *testing.T) {
	img := soft(301, 203)
	gray := image.NewGray(img.Rect)
	draw.Draw(gray, gray.Rect, img, image.Point{}, draw.Src)
	tests := []struct {
		name   string
		source []byte
		want   image.Image
		least  float64
	}{
		{"of rgb", encoded(t, PNG, img), img, 42},
		{"of planes", encoded(t, JPEG, img), img, 40},
		{"of gray", encoded(t, PNG, gray), gray, 44},
		{"of a plane", encoded(t, JPEG, gray), gray, 42},
		{"of itself", render1(t, encoded(t, PNG, img), Variant{Format: WebP, Quality: 100}).Bytes, img, 40},
		{"of planes that are turned", withEXIF(encoded(t, JPEG, img), exifBlock(binary.BigEndian, 6)), turned(img), 40},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := render1(t, test.source, Variant{Format: WebP, Quality: 90})
			config, err := webp.DecodeConfig(bytes.NewReader(out.Bytes))
			if err != nil || config.Width != out.Width || config.Height != out.Height {
				t.Fatalf("header says %d x %d, %v, want %d x %d", config.Width, config.Height, err, out.Width, out.Height)
			}
			if got := psnr(t, decoded(t, out.Bytes), test.want); got < test.least {
				t.Errorf("PSNR is %.1f dB, want %.1f", got, test.least)
			}
		})
	}
}

func turned(img *image.NRGBA) image.Image { return turnedByImaging(img, 6) }

// Black and white stay what they are: the samples of WebP have another range than those of JPEG.
func TestWebPRange(t *testing.T) {
	black, gray := color.NRGBA{A: 255}, color.NRGBA{128, 128, 128, 255}
	img := quadrants(64, 64, [4]color.NRGBA{black, white, gray, red})
	for _, format := range []Format{PNG, JPEG} {
		source := encoded(t, format, img)
		for range 3 { // a shift would grow
			source = render1(t, source, Variant{Format: WebP, Quality: 100}).Bytes
		}
		wantQuarters(t, decoded(t, source), img, 4)
		wantQuarters(t, decoded(t, render1(t, source, Variant{Format: JPEG, Quality: 100}).Bytes), img, 4)
		wantQuarters(t, decoded(t, render1(t, source, Variant{Format: PNG}).Bytes), img, 4)
	}
}

func TestWebPKeepsAlpha(t *testing.T) {
	img := soft(120, 80)
	for i := range 120 * 80 {
		img.Pix[4*i+3] = uint8(i % 120 * 2)
	}
	got := decoded(t, render1(t, encoded(t, PNG, img), Variant{Format: WebP, Quality: 90}).Bytes)
	for y := range 80 {
		for x := range 120 {
			g, w := at(got, x, y), at(img, x, y)
			if g.A != w.A {
				t.Fatalf("alpha at %d,%d = %d, want %d", x, y, g.A, w.A)
			}
			if w.A > 8 && !near(g, w, 24) {
				t.Fatalf("pixel at %d,%d = %v, want %v", x, y, g, w)
			}
		}
	}
	padded := render1(t, encoded(t, JPEG, img), Variant{Format: WebP, Width: 90, Height: 90, Fit: Pad, Background: color.NRGBA{R: 1}})
	if corner := at(decoded(t, padded.Bytes), 0, 0); corner.A != 0 {
		t.Errorf("padded with %v, want transparent", corner)
	}
}

// The same bytes for the same input, in many goroutines at once, by either layout.
func TestWebPDeterministic(t *testing.T) {
	variants := []Variant{{Width: 90, Format: WebP}, {Width: 41, Format: WebP, Quality: 30}}
	for _, source := range [][]byte{encoded(t, JPEG, noise(160, 120)), encoded(t, PNG, noise(160, 120))} {
		results := make([]Result, 8)
		var wg sync.WaitGroup
		for i := range results {
			wg.Go(func() {
				var err error
				if results[i], err = Render(t.Context(), source, variants, Limits{}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range results {
			for j, out := range results[i].Outputs {
				if out.Err != nil || !bytes.Equal(out.Bytes, results[0].Outputs[j].Bytes) {
					t.Errorf("variant %d of run %d: %v, or other bytes than in run 0", j, i, out.Err)
				}
			}
		}
	}
}

func TestWebPQuality(t *testing.T) {
	source := encoded(t, PNG, noise(200, 200))
	size := func(quality int) int { return len(render1(t, source, Variant{Format: WebP, Quality: quality}).Bytes) }
	if least, low, usual, high := size(1), size(30), size(0), size(100); least >= low || low >= usual || usual >= high || usual != size(DefaultQuality) {
		t.Errorf("sizes %d, %d, %d, %d at 1, 30, default, 100: want them to grow", least, low, usual, high)
	}
}

func TestWebPOfAnySize(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {1, 300}, {300, 1}, {2, 3}, {15, 17}, {16, 16}, {33, 31}} {
		for _, format := range []Format{JPEG, PNG} {
			out := render1(t, encoded(t, format, soft(size.X, size.Y)), Variant{Format: WebP})
			if got := decoded(t, out.Bytes).Bounds().Size(); got != size {
				t.Errorf("%v from %s: %v", size, format, got)
			}
		}
	}
}

func TestWebPTooLong(t *testing.T) {
	source := encoded(t, PNG, image.NewGray(image.Rect(0, 0, 20_000, 1)))
	result, err := Render(t.Context(), source, []Variant{{Format: WebP}, {Format: JPEG}, {Format: WebP, Width: 16_383}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, result.Outputs[0].Err, TooManyPixels)
	for _, i := range []int{1, 2} {
		if err := result.Outputs[i].Err; err != nil {
			t.Errorf("output %d: %v", i, err)
		}
	}
}

// What is embedded is found again, and the pixels are those of a file without.
func TestWebPMetadata(t *testing.T) {
	clear := soft(40, 30)
	clear.Pix[3] = 0
	sources := map[string][]byte{
		"planes": encoded(t, JPEG, soft(40, 30)), "rgb": encoded(t, PNG, soft(40, 30)), "alpha": encoded(t, PNG, clear),
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			profile := p3ICC()
			both := withEXIF(withICC(source, profile, 65519), exifBlock(binary.LittleEndian, 3))
			out := render1(t, both, Variant{Format: WebP, KeepEXIF: true})
			wantProfile(t, out, profile)
			if info, err := Inspect(out.Bytes, Limits{}); err != nil || info.Orientation != 1 || len(webpEXIF(out.Bytes)) == 0 {
				t.Errorf("orientation %d, %v, %d bytes of EXIF", info.Orientation, err, len(webpEXIF(out.Bytes)))
			}
			if size := binary.LittleEndian.Uint32(out.Bytes[4:]); int(size) != len(out.Bytes)-8 {
				t.Errorf("header says %d bytes of %d", size, len(out.Bytes))
			}
			bare := render1(t, withEXIF(source, exifBlock(binary.LittleEndian, 3)), Variant{Format: WebP})
			wantPixels(t, decoded(t, out.Bytes), decoded(t, bare.Bytes), 0)
		})
	}
}

// A gray profile does not fit: WebP has no gray.
func TestWebPOfGrayProfile(t *testing.T) {
	source := withICC(encoded(t, PNG, grayRamp()), grayICC(curvTag(461)), 65519)
	out := render1(t, source, Variant{Format: WebP})
	if got := iccProfile(out.Bytes, WebP); got != nil {
		t.Errorf("a profile of %d bytes is embedded", len(got))
	}
	want := decoded(t, render1(t, source, Variant{Format: PNG, Color: SRGB}).Bytes)
	if got := psnr(t, decoded(t, out.Bytes), want); got < 36 {
		t.Errorf("PSNR to the converted picture is %.1f dB", got)
	}
}

func BenchmarkWebP(b *testing.B) {
	for _, side := range []int{256, 1024} {
		for name, img := range map[string]image.Image{"rgb": noise(side, side*3/4), "planes": decoded(b, encoded(b, JPEG, noise(side, side*3/4)))} {
			b.Run(name+map[int]string{256: "/256", 1024: "/1024"}[side], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := encode(img, WebP, DefaultQuality); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
