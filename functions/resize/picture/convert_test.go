package picture

import (
	"bytes"
	"image"
	"image/color"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"

	"golang.org/x/image/tiff"

	"mapfleet/functions/resize/picture/pngplanes"
)

func TestPremultipliedIsDivided(t *testing.T) {
	tests := []struct{ name, pixel, want string }{
		{"opaque stays", "\x10\x20\x30\xff", "\x10\x20\x30\xff"},
		{"half", "\x40\x00\x80\x80", "\x80\x00\xff\x80"},
		{"transparent", "\x00\x00\x00\x00", "\x00\x00\x00\x00"},
		{"transparent with colour", "\x10\x20\x30\x00", "\x00\x00\x00\x00"},
		{"more colour than alpha is clipped", "\xff\x05\x00\x04", "\xff\xff\x00\x04"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// The second pixel makes the picture as a whole not opaque.
			m := &image.RGBA{Pix: []byte(test.pixel + "\x00\x00\x00\x00"), Stride: 8, Rect: image.Rect(0, 0, 2, 1)}
			taken, err := plain(m, m.Rect)
			if err != nil {
				t.Fatal(err)
			}
			info := Info{Format: TIFF, Width: 2, Height: 1, Orientation: 1}
			got, err := drawingOf(taken, info, false).draw(newPlan(m.Rect.Size(), Variant{}), Variant{}, PNG, nil)
			if err != nil {
				t.Fatal(err)
			}
			if pix := got.(*image.NRGBA).Pix[:4]; string(pix) != test.want {
				t.Errorf("%x became %x, want %x", test.pixel, pix, test.want)
			}
		})
	}
}

// Every layout means the same after plain as it meant to the standard library before.
func TestPlainKeepsTheColours(t *testing.T) {
	rect := image.Rect(0, 0, 9, 5)
	ycbcra := image.NewNYCbCrA(rect, image.YCbCrSubsampleRatio420)
	pictures := map[string]image.Image{
		"gray": image.NewGray(rect), "gray16": image.NewGray16(rect), "rgba": image.NewRGBA(rect), "nrgba": image.NewNRGBA(rect),
		"rgba64": image.NewRGBA64(rect), "nrgba64": image.NewNRGBA64(rect), "cmyk": image.NewCMYK(rect),
		"ycbcr":  image.NewYCbCr(rect, image.YCbCrSubsampleRatio420),
		"nycbcr": ycbcra,
	}
	for name, img := range pictures {
		t.Run(name, func(t *testing.T) {
			switch m := img.(type) {
			case interface {
				Set(x, y int, c color.Color)
			}:
				for i := range 45 {
					m.Set(i%9, i/9, color.NRGBA{R: uint8(i * 5), G: uint8(200 - i), B: 99, A: uint8(120 + 3*i)})
				}
			case *image.YCbCr:
				scatter(m.Y, m.Cb, m.Cr)
			case *image.NYCbCrA:
				scatter(m.Y, m.Cb, m.Cr, m.A)
			}
			want := image.NewNRGBA(rect)
			for i := range 45 {
				want.SetNRGBA(i%9, i/9, at(img, i%9, i/9))
			}
			got, err := plain(img, rect)
			if err != nil {
				t.Fatal(err)
			}
			wantPixels(t, got, want, 2)
		})
	}
}

func scatter(planes ...[]byte) {
	for p, plane := range planes {
		for i := range plane {
			plane[i] = uint8(64 + 37*i + 11*p)
		}
	}
}

// raced says whether the race detector is built in: with that a buffer takes memory twice where it grows.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// MemoryBytes is what callers divide their memory by: it must not be too low, and not absurdly high.
func TestMemoryBytes(t *testing.T) {
	const side = 300
	rect := image.Rect(0, 0, side, side)
	claim := func(file []byte) []byte { // decoding fails in the end, having allocated everything
		size := []byte{8, side >> 8, side & 0xff, side >> 8, side & 0xff}
		return bytes.Replace(file, []byte{8, 0, 8, 0, 8}, size, 1)
	}
	colour, gray16, deep := noise(side, side), image.NewGray16(rect), image.NewNRGBA64(rect)
	few := quadrants(side, side, asSeen[1])
	deflated := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	tests := map[string][]byte{
		"jpeg":                   encoded(t, JPEG, colour),
		"jpeg gray":              claim(flatJPEG(0xc0, 1)),
		"jpeg cmyk":              claim(flatJPEG(0xc0, 1, 2, 3, 4)),
		"jpeg progressive":       claim(flatJPEG(0xc2, 1, 2, 3)),
		"png":                    encoded(t, PNG, colour),
		"png gray16":             encoded(t, PNG, gray16),
		"png 16 bit":             encoded(t, PNG, deep),
		"gif":                    encoded(t, GIF, few),
		"bmp":                    encoded(t, BMP, colour),
		"tiff":                   encoded(t, TIFF, colour),
		"tiff 16 bit":            encoded(t, TIFF, deep),
		"tiff gray16":            encoded(t, TIFF, gray16),
		"tiff palette":           tiffPalette(side, side, 1, asSeen[1], quadrantPixels(side, side)),
		"tiff in a strip":        deflated(colour),
		"tiff 16 bit in a strip": deflated(deep),
		"tiff gray in a strip":   deflated(image.NewGray(rect)),
		"png interlaced":         flatInterlacedPNG(side, side, 6, "\x01\x02\x03\x04\x05\x06\x07\x08"),
		"webp lossy":             render1(t, encoded(t, PNG, colour), Variant{Format: WebP}).Bytes,
		"webp lossy, alpha":      render1(t, webpOf(side, side, true, func(x, y int) bool { return x > y }), Variant{Format: WebP}).Bytes,
		"webp":                   webpOf(side, side, true, func(x, y int) bool { return x > y }),
	}
	for name, source := range tests {
		t.Run(name, func(t *testing.T) {
			info, err := Inspect(source, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if _, err := new(pngplanes.Decoder).Decode(source, false); err != nil {
				_, _ = decode(source, info)
			}
			runtime.ReadMemStats(&after)
			const slack = 256 << 10
			spent := int64(after.TotalAlloc - before.TotalAlloc) // counts a buffer that grows at each of its sizes
			most := info.MemoryBytes
			if info.Format == JPEG || raced() {
				most *= 2 // of a JPEG this is not the decoder that it is for, but the one for codings that nobody writes
			}
			if spent > most+slack || info.MemoryBytes > 8*spent {
				t.Errorf("MemoryBytes = %d, decoding allocated %d", info.MemoryBytes, spent)
			}
		})
	}
}

func TestJPEGSegments(t *testing.T) {
	file := "\xff\xd8" + "\xff\xff\xff\xe0\x00\x04ab" + "\xff\x01" + "stray" + "\xff\xe1\x00\x02" +
		"\xff\xda\x00\x02" + "\xff\xe2\x00\x03c"
	var got []string
	for marker, segment := range jpegSegments([]byte(file)) {
		got = append(got, string(rune(marker))+string(segment))
	}
	if len(got) != 2 || got[0] != "\u00e0ab" || got[1] != "\u00e1" {
		t.Errorf("segments = %q", got)
	}
	for cut := range file { // whatever is missing, nothing panics
		for range jpegSegments([]byte(file[:cut])) {
		}
		pngEXIF([]byte(file[:cut]))
		webpEXIF([]byte(file[:cut]))
	}
	for _, lie := range []string{"\xff\xd8\xff\xe1\x00\x01a", "\xff\xd8\xff\xe1\xff\xffab"} {
		for marker := range jpegSegments([]byte(lie)) {
			t.Errorf("%q yields segment %x", lie, marker)
		}
	}
}
