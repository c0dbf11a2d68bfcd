package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSniff(t *testing.T) {
	tests := []struct {
		name string
		head string
		want Format
	}{
		{"jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF", JPEG},
		{"jpeg with EXIF first", "\xff\xd8\xff\xe1", JPEG},
		{"png", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR", PNG},
		{"gif 87a", "GIF87a", GIF},
		{"gif 89a", "GIF89a\x01\x00\x01\x00", GIF},
		{"webp", "RIFF\x24\x00\x00\x00WEBPVP8 ", WebP},
		{"tiff little endian", "II*\x00\x08\x00\x00\x00", TIFF},
		{"tiff big endian", "MM\x00*\x00\x00\x00\x08", TIFF},
		{"bmp", "BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", BMP},
		{"text that begins like a bmp", "BMW builds cars and not pictures", ""},
		{"wave, which is RIFF too", "RIFF\x24\x00\x00\x00WAVEfmt ", ""},
		{"png mangled by a text mode transfer", "\x89PNG\n\x1a\n\x00\x00\x00\x0dIHDR", ""},
		{"html", "<!DOCTYPE html><html>", ""},
		{"one byte", "\xff", ""},
		{"nothing", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Sniff([]byte(test.head))
			if got != test.want || ok != (test.want != "") {
				t.Errorf("Sniff = %q, %v, want %q", got, ok, test.want)
			}
		})
	}
}

func TestContentType(t *testing.T) {
	got := map[Format][2]string{}
	for _, f := range []Format{JPEG, PNG, GIF, WebP, BMP, TIFF, Same, "svg"} {
		got[f] = [2]string{f.ContentType(), f.Extension()}
	}
	want := map[Format][2]string{
		JPEG: {"image/jpeg", ".jpg"}, PNG: {"image/png", ".png"}, GIF: {"image/gif", ".gif"}, WebP: {"image/webp", ".webp"},
		BMP: {"image/bmp", ".bmp"}, TIFF: {"image/tiff", ".tiff"},
		Same: {"application/octet-stream", ""}, "svg": {"application/octet-stream", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every format in, every format out, and Same.
func TestFormats(t *testing.T) {
	colours := asSeen[1]
	img := quadrants(64, 32, colours)
	webp := webpOf(64, 32, false, func(x, _ int) bool { return x < 32 })
	yellow := color.NRGBA{R: 255, G: 255, A: 255}
	tests := []struct {
		name   string
		source []byte
		want   image.Image
		same   Format
	}{
		{"jpeg", encoded(t, JPEG, img), img, JPEG},
		{"png", encoded(t, PNG, img), img, PNG},
		{"gif", encoded(t, GIF, img), img, GIF},
		{"bmp", encoded(t, BMP, img), img, PNG},
		{"tiff", encoded(t, TIFF, img), img, PNG},
		{"webp", webp, quadrants(64, 32, [4]color.NRGBA{yellow, red, yellow, red}), WebP},
		{"webp with alpha", webpOf(64, 32, true, func(x, _ int) bool { return x < 32 }),
			quadrants(64, 32, [4]color.NRGBA{yellow, {}, yellow, {}}), WebP},
	}
	for _, test := range tests {
		for _, format := range []Format{Same, JPEG, PNG, GIF, WebP} {
			t.Run(test.name+" to "+string(format), func(t *testing.T) {
				out := render1(t, test.source, Variant{Format: format})
				want := format
				if want == Same {
					want = test.same
				}
				got, _ := Sniff(out.Bytes)
				if got != want || out.Format != want || out.ContentType != want.ContentType() {
					t.Errorf("bytes are %s, Format %s, ContentType %s, want %s", got, out.Format, out.ContentType, want)
				}
				expected := test.want
				if want == JPEG {
					expected = overWhite(test.want)
				}
				if test.name == "jpeg" || want == WebP {
					wantQuarters(t, decoded(t, out.Bytes), expected, 8)
				} else {
					wantPixels(t, decoded(t, out.Bytes), expected, 8)
				}
			})
		}
	}
}

func overWhite(img image.Image) image.Image {
	out := image.NewNRGBA(img.Bounds())
	copy(out.Pix, img.(*image.NRGBA).Pix)
	flatten(out, white)
	return out
}

func TestKindsOfJPEG(t *testing.T) {
	tests := []struct {
		name   string
		source []byte
		want   color.NRGBA
	}{
		{"gray", flatJPEG(0xc0, 200), color.NRGBA{200, 200, 200, 255}},
		{"colour", flatJPEG(0xc0, 76, 85, 255), color.NRGBA{254, 0, 0, 255}},
		{"progressive", flatJPEG(0xc2, 76, 85, 255), color.NRGBA{254, 0, 0, 255}},
		{"cmyk", flatJPEG(0xc0, 255, 0, 0, 255), red},
		{"cmyk gray", flatJPEG(0xc0, 255, 255, 255, 128), color.NRGBA{128, 128, 128, 255}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := render1(t, test.source, Variant{Width: 4, Format: PNG})
			wantPixels(t, decoded(t, out.Bytes), quadrants(4, 4, [4]color.NRGBA{test.want, test.want, test.want, test.want}), 2)
		})
	}
}

func TestSixteenBitsAreRounded(t *testing.T) {
	rect := image.Rect(0, 0, 16, 16)
	gray, colour, alpha := image.NewGray16(rect), image.NewRGBA64(rect), image.NewNRGBA64(rect)
	for y := range 16 {
		for x := range 16 {
			gray.SetGray16(x, y, color.Gray16{Y: 0x80ff})
			colour.SetRGBA64(x, y, color.RGBA64{R: 0x12ff, G: 0x34ff, B: 0xff7e, A: 0xffff})
			alpha.SetNRGBA64(x, y, color.NRGBA64{R: 0xc0ff, G: 0x017f, B: 0x0181, A: 0x80ff})
		}
	}
	tests := map[string]struct {
		img       image.Image
		colorType byte // of a PNG
		pixel     string
		want      color.NRGBA
	}{
		"gray":   {gray, 0, "\x80\xff", color.NRGBA{0x80, 0x80, 0x80, 255}},
		"colour": {colour, 2, "\x12\xff\x34\xff\xff\x7e", color.NRGBA{0x13, 0x35, 0xfe, 255}},
		"alpha":  {alpha, 6, "\xc0\xff\x01\x7f\x01\x81\x80\xff", color.NRGBA{0xc0, 1, 1, 0x80}},
	}
	for name, test := range tests {
		sources := map[string][]byte{
			"png": encoded(t, PNG, test.img), "tiff": encoded(t, TIFF, test.img),
			"interlaced png": flatInterlacedPNG(16, 16, test.colorType, test.pixel),
		}
		for kind, source := range sources {
			t.Run(name+" "+kind, func(t *testing.T) {
				want := quadrants(16, 16, [4]color.NRGBA{test.want, test.want, test.want, test.want})
				wantPixels(t, decoded(t, render1(t, source, Variant{Format: PNG}).Bytes), want, 0)
				wantPixels(t, decoded(t, render1(t, source, Variant{Format: PNG, Width: 8}).Bytes), quadrants(8, 8, [4]color.NRGBA{test.want, test.want, test.want, test.want}), 1)
			})
		}
	}
}

func TestGrayStaysGray(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 40, 40))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i * 7)
	}
	for _, format := range []Format{JPEG, PNG} {
		out := render1(t, encoded(t, format, gray), Variant{Width: 20, Format: format})
		if img, ok := decoded(t, out.Bytes).(*image.Gray); !ok {
			t.Errorf("%s of a gray picture is a %T, want a gray one", format, img)
		}
	}
}

func TestFewColoursStayAPalette(t *testing.T) {
	img := quadrants(64, 32, asSeen[1])
	out := render1(t, encoded(t, PNG, img), Variant{})
	got, ok := decoded(t, out.Bytes).(*image.Paletted)
	if !ok || len(got.Palette) != 4 {
		t.Fatalf("a picture of four colours is a %T, want a palette of 4", decoded(t, out.Bytes))
	}
	wantPixels(t, got, img, 0)
}

// The first frame of an animation need not cover its canvas.
func TestGIFFirstFrameOnItsCanvas(t *testing.T) {
	palette := color.Palette{color.NRGBA{}, red, blue}
	first := image.NewPaletted(image.Rect(4, 4, 8, 8), palette)
	second := image.NewPaletted(image.Rect(0, 0, 16, 8), palette)
	for i := range first.Pix {
		first.Pix[i] = 1
	}
	for i := range second.Pix {
		second.Pix[i] = 2
	}
	var b bytes.Buffer
	err := gif.EncodeAll(&b, &gif.GIF{
		Image: []*image.Paletted{first, second}, Delay: []int{1, 1}, Config: image.Config{ColorModel: palette, Width: 16, Height: 8},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := image.NewNRGBA(image.Rect(0, 0, 16, 8))
	for i := range 16 {
		want.SetNRGBA(4+i%4, 4+i/4, red)
	}
	for _, format := range []Format{Same, PNG} {
		wantPixels(t, decoded(t, render1(t, b.Bytes(), Variant{Format: format}).Bytes), want, 0)
	}
}

// A gray picture has at most 256 colours: a GIF keeps them all, whatever it was read from.
func TestGrayToGIF(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 64, 40))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i%64*3 + i/64)
	}
	for _, format := range []Format{JPEG, PNG, BMP, TIFF} {
		source := encoded(t, format, gray)
		got, want := render1(t, source, Variant{Format: GIF}), render1(t, source, Variant{Format: PNG})
		wantPixels(t, decoded(t, got.Bytes), decoded(t, want.Bytes), 0)
	}
}
