package compactpng

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
)

// kinds are one picture of each layout: soft with some grain, and with alpha where the layout has it.
func kinds(width, height int, seed uint64) map[string]image.Image {
	r := rand.New(rand.NewPCG(seed, 1))
	rect := image.Rect(0, 0, width, height)
	opaque, clear, gray, rgba := image.NewNRGBA(rect), image.NewNRGBA(rect), image.NewGray(rect), image.NewRGBA(rect)
	for i := range opaque.Pix {
		x, y := i/4%width, i/4/width
		opaque.Pix[i] = byte(x*3+y*2) + byte(i%4*50) + byte(r.IntN(9))
		clear.Pix[i] = opaque.Pix[i]
		if i%4 == 3 {
			opaque.Pix[i] = 255
			clear.Pix[i] = byte(x*9) * byte(y%2)
			gray.Pix[i/4] = opaque.Pix[i-1]
		}
	}
	clear.Pix[3] = 7
	copy(rgba.Pix, opaque.Pix)
	pictures := map[string]image.Image{"opaque": opaque, "alpha": clear, "gray": gray, "rgba": rgba}
	for _, colours := range []int{1, 2, 4, 7, 256} {
		m := image.NewPaletted(rect, nil)
		for i := range colours {
			m.Palette = append(m.Palette, color.NRGBA{byte(i * 7), byte(i * 3), byte(255 - i), byte(255 - i%3*100)})
		}
		for i := range m.Pix {
			m.Pix[i] = byte(r.IntN(colours))
		}
		pictures["palette of "+strconv.Itoa(colours)] = m
	}
	return pictures
}

// wantSame compares every pixel, seen or not.
func wantSame(t *testing.T, file []byte, want image.Image) {
	t.Helper()
	got, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	b := want.Bounds()
	if got.Bounds().Size() != b.Size() {
		t.Fatalf("size = %v, want %v", got.Bounds().Size(), b.Size())
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			g, w := pixel(got, x, y), pixel(want, b.Min.X+x, b.Min.Y+y)
			if g != w {
				t.Fatalf("%T: pixel at %d,%d = %v, want %v", want, x, y, g, w)
			}
		}
	}
}

func pixel(m image.Image, x, y int) color.NRGBA {
	if c, ok := m.At(x, y).(color.NRGBA); ok {
		return c
	}
	return color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
}

func TestEveryPixelIsKept(t *testing.T) {
	var e Encoder
	for width := 1; width <= 40; width++ {
		for name, m := range kinds(width, 1+width*7%13, uint64(width)) {
			file, err := e.Append([]byte("before"), m)
			if err != nil {
				t.Fatal(name, err)
			}
			wantSame(t, file[len("before"):], m)
		}
	}
	for name, m := range kinds(700, 90, 3) {
		file, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(name, err)
		}
		wantSame(t, file, m)
		part := m.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(301, 33, 402, 71))
		if file, err = e.Append(nil, part); err != nil {
			t.Fatal(name, err)
		}
		wantSame(t, file, part)
	}
}

// The layout is no larger than the picture needs.
func TestLayouts(t *testing.T) {
	var e Encoder
	pictures := kinds(9, 5, 1)
	pictures["nothing but opaque"] = image.NewPaletted(image.Rect(0, 0, 3, 3), color.Palette{color.Black, color.White})
	tests := map[string]struct {
		depth, colours byte
		transparency   int // bytes
	}{
		"opaque": {8, rgb, -1}, "alpha": {8, rgbAlpha, -1}, "gray": {8, gray, -1}, "rgba": {8, rgb, -1},
		"palette of 1": {1, indexed, -1}, "palette of 2": {1, indexed, 2}, "palette of 4": {2, indexed, 3},
		"palette of 7": {4, indexed, 6}, "palette of 256": {8, indexed, 255}, "nothing but opaque": {1, indexed, -1},
	}
	for name, m := range pictures {
		file, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(name, err)
		}
		want := tests[name]
		if file[24] != want.depth || file[25] != want.colours {
			t.Errorf("%s: %d bits of colour type %d, want %d of %d", name, file[24], file[25], want.depth, want.colours)
		}
		at, length := bytes.Index(file, []byte("tRNS")), -1
		if at > 0 {
			length = int(file[at-1])
		}
		if length != want.transparency {
			t.Errorf("%s: tRNS of %d bytes, want %d", name, length, want.transparency)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	rect := image.Rect(0, 0, 3, 2)
	beyond := image.NewPaletted(rect, color.Palette{color.White})
	beyond.Pix[5] = 1
	half := image.NewRGBA(rect)
	half.Pix[3] = 128
	var e Encoder
	for name, m := range map[string]image.Image{
		"an index beyond the palette": beyond, "no palette": image.NewPaletted(rect, nil), "colours multiplied by alpha": half,
		"no pixels": image.NewGray(image.Rectangle{}), "another layout": image.NewCMYK(rect),
		"too many pixels":  &image.Gray{Rect: image.Rect(0, 0, 1<<20, 1<<20)},
		"too many colours": image.NewPaletted(rect, make(color.Palette, 257)),
	} {
		if file, err := e.Append(nil, m); err == nil {
			t.Errorf("%s: %d bytes and no error", name, len(file))
		}
	}
	for name, m := range kinds(30, 20, 5) { // and it goes on as if nothing had been
		file, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(name, err)
		}
		wantSame(t, file, m)
	}
}

// Files are about as large as those of image/png: smaller for drawings, and where there is nothing but grain, as in some of these, a
// few hundredths larger.
func TestSmall(t *testing.T) {
	var e Encoder
	for name, m := range kinds(300, 200, 8) {
		file, err := e.Append(nil, m)
		if err != nil {
			t.Fatal(name, err)
		}
		var other bytes.Buffer
		if err := png.Encode(&other, m); err != nil {
			t.Fatal(name, err)
		}
		if most := other.Len() + other.Len()/25 + 20; len(file) > most {
			t.Errorf("%s: %d bytes, image/png %d", name, len(file), other.Len())
		}
	}
}

// The same bytes every time, in many goroutines, and on every processor: an output is current or stale by its recipe, and a new
// version of the compressor may change what a recipe gives.
func TestBytesAreTheSame(t *testing.T) {
	const want = "72cc9176ac22b228"
	var e Encoder
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			for name, m := range kinds(300, 70, 9) { // whatever was written before, in any order
				if _, err := e.Append(nil, m); err != nil {
					t.Error(name, err)
				}
			}
			sum := sha256.New()
			pictures := kinds(200, 120, 4)
			for _, name := range []string{"opaque", "alpha", "gray", "palette of 7", "palette of 256"} {
				file, err := e.Append(nil, pictures[name])
				if err != nil {
					t.Error(err)
				}
				sum.Write(file)
			}
			if got := hex.EncodeToString(sum.Sum(nil)[:8]); got != want {
				t.Errorf("files have the hash %s, want %s", got, want)
			}
		})
	}
	wg.Wait()
}

func FuzzAppend(f *testing.F) {
	f.Add(uint8(9), uint8(7), uint64(1), []byte("pixels"))
	var e Encoder
	f.Fuzz(func(t *testing.T, width, height uint8, seed uint64, pix []byte) {
		for name, m := range kinds(1+int(width), 1+int(height), seed) {
			switch m := m.(type) {
			case *image.NRGBA:
				copy(m.Pix, pix)
			case *image.Gray:
				copy(m.Pix, pix)
			}
			file, err := e.Append(nil, m)
			if err != nil {
				t.Fatal(name, err)
			}
			wantSame(t, file, m)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	var e Encoder
	for name, m := range kinds(256, 192, 2) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var file []byte
			for b.Loop() {
				var err error
				if file, err = e.Append(file[:0], m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(file)), "bytes")
		})
		b.Run(name+" by image-png", func(b *testing.B) {
			var file bytes.Buffer
			for b.Loop() {
				file.Reset()
				if err := png.Encode(&file, m); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(file.Len()), "bytes")
		})
	}
}
