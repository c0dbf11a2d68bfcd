package avif

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"runtime"
	"sync"
	"testing"

	"github.com/gen2brain/avif"
)

// soft is a picture of slow changes, as photographs have them.
func soft(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			wave := math.Sin(float64(x)/9) + math.Cos(float64(y)/7)
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(128 + 50*wave), G: uint8(128 - 40*wave), B: uint8(255 * y / h), A: 255})
		}
	}
	return img
}

// decoded reads a file by the library's own decoder, which multiplies colours by alpha.
func decoded(t testing.TB, file []byte) image.Image {
	t.Helper()
	img, err := avif.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// psnr is of all channels, in dB.
func psnr(got, want image.Image) float64 {
	var squares, n float64
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			a := color.RGBAModel.Convert(got.At(got.Bounds().Min.X+x, got.Bounds().Min.Y+y)).(color.RGBA)
			b := color.RGBAModel.Convert(want.At(want.Bounds().Min.X+x, want.Bounds().Min.Y+y)).(color.RGBA)
			for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B), int(a.A) - int(b.A)} {
				squares, n = squares+float64(d*d), n+1
			}
		}
	}
	return 10 * math.Log10(255*255*n/max(squares, 1))
}

func encode(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	file, err := Encoder{}.Encode(img, quality)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEncode(t *testing.T) {
	photo := soft(128, 96)
	gray := image.NewGray(photo.Rect)
	draw.Draw(gray, gray.Rect, photo, image.Point{}, draw.Src)
	seeThrough := soft(128, 96)
	for i := 3; i < len(seeThrough.Pix); i += 4 {
		seeThrough.Pix[i] = uint8(i / 4 % 128 * 2)
	}
	for _, c := range []struct {
		name  string
		img   image.Image
		least float64 // dB
	}{
		{"a photograph", photo, 38}, {"gray", gray, 38}, {"with alpha", seeThrough, 35},
		{"a part of a larger one", photo.SubImage(image.Rect(11, 7, 90, 60)), 38},
		{"odd sides", soft(33, 17), 34}, {"a pixel", soft(1, 1), 34}, {"a column", soft(1, 300), 30}, {"the longest row", soft(16_384, 1), 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := encode(t, c.img, 90)
			got := decoded(t, file)
			if got.Bounds().Size() != c.img.Bounds().Size() {
				t.Fatalf("%v, want %v", got.Bounds().Size(), c.img.Bounds().Size())
			}
			if db := psnr(got, c.img); db < c.least {
				t.Errorf("PSNR is %.1f dB, want %.1f", db, c.least)
			}
			if !bytes.HasPrefix(file[4:], []byte("ftypavif")) || !bytes.Contains(file, []byte("colrnclx\x00\x01\x00\x0d\x00\x06\x80")) {
				t.Errorf("the file begins with %q and does not say that it is in sRGB", file[:12])
			}
		})
	}
	if opaque, clear := encode(t, photo, 80), encode(t, seeThrough, 80); bytes.Contains(opaque, []byte("auxC")) || !bytes.Contains(clear, []byte("auxC")) {
		t.Error("alpha is written of an opaque picture, or not of one that has some")
	}
}

// Encoding again, and beside others, gives the same bytes: an output is made once.
func TestEncode_gives_the_same_bytes_beside_others(t *testing.T) {
	pictures := []image.Image{soft(90, 70), soft(64, 64), soft(31, 120)}
	var want [][]byte
	for _, img := range pictures {
		want = append(want, encode(t, img, 80))
	}
	var all sync.WaitGroup
	for range 3 {
		for i, img := range pictures {
			all.Go(func() {
				if got, err := (Encoder{}).Encode(img, 80); err != nil || !bytes.Equal(got, want[i]) {
					t.Errorf("picture %d: %d bytes, %v, want those %d that it gave alone", i, len(got), err, len(want[i]))
				}
			})
		}
	}
	all.Wait()
}

// What is asked for is what comes: more quality is more bytes and less error.
func TestEncode_follows_the_quality(t *testing.T) {
	photo := soft(128, 96)
	var bytes int
	var db float64
	for _, quality := range []int{1, 30, 60, 80, 90, 100} {
		file := encode(t, photo, quality)
		better := psnr(decoded(t, file), photo)
		if len(file) <= bytes || better <= db {
			t.Errorf("quality %d: %d bytes, %.1f dB, no more than the %d and %.1f below it", quality, len(file), better, bytes, db)
		}
		bytes, db = len(file), better
	}
}

func TestLibraryQuality(t *testing.T) {
	for quality, want := range map[int]int{1: 9, 10: 22, 20: 30, 50: 46, 79: 61, 80: 61, 85: 70, 90: 78, 95: 88, 99: 98, 100: 100} {
		if got := libraryQuality(quality); got != want {
			t.Errorf("libraryQuality(%d) = %d, want %d", quality, got, want)
		}
	}
	for quality := 2; quality <= 100; quality++ {
		if libraryQuality(quality) < libraryQuality(quality-1) {
			t.Errorf("quality %d is below %d", quality, quality-1)
		}
	}
}

// MemoryBytes covers all that is allocated, garbage that nobody had to keep included, where it is the most: noise.
func TestMemoryBytes(t *testing.T) {
	_ = encode(t, soft(16, 16), 80)
	for _, size := range []image.Point{{256, 192}, {1024, 768}, {100, 4000}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			img := image.NewNRGBA(image.Rectangle{Max: size})
			state := uint32(1)
			for i := range img.Pix {
				state = state*1664525 + 1013904223
				img.Pix[i] = uint8(state >> 24)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_ = encode(t, img, 100)
			runtime.ReadMemStats(&after)
			took := int64(after.TotalAlloc - before.TotalAlloc)
			if most := (Encoder{}).MemoryBytes(int64(size.X) * int64(size.Y)); took > most {
				t.Errorf("it allocates %d bytes, thought to be at most %d", took, most)
			} else {
				t.Logf("%d bytes of %d", took, most)
			}
		})
	}
}
