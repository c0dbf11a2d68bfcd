package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/png"
	"math/rand/v2"
	"testing"
)

// FuzzRender wants pictures or an *Error of every input, and outputs that are what they claim to be.
func FuzzRender(f *testing.F) {
	img := noise(17, 11)
	for i, format := range []Format{JPEG, PNG, GIF, BMP, TIFF} {
		f.Add(encoded(f, format, img), uint16(9), uint16(9), uint8(i))
		f.Add(encoded(f, format, img)[:60], uint16(0), uint16(3), uint8(i+5))
	}
	f.Add(withEXIF(encoded(f, JPEG, img), exifBlock(binary.BigEndian, 7)), uint16(8), uint16(5), uint8(1))
	f.Add(withEXIF(encoded(f, PNG, img), exifBlock(binary.LittleEndian, 5)), uint16(8), uint16(5), uint8(11))
	f.Add(tiffPalette(2, 2, 6, asSeen[1], []byte{0, 1, 2, 9}), uint16(1), uint16(1), uint8(3))
	f.Add(webpOf(5, 4, true, func(x, y int) bool { return x > y }), uint16(3), uint16(3), uint8(2))
	f.Add(flatJPEG(0xc0, 1, 2, 3, 4), uint16(3), uint16(0), uint8(0))
	f.Add(flatJPEG(0xc2, 1, 2, 3), uint16(3), uint16(0), uint8(0))
	f.Add(encoded(f, PNG, image.NewNRGBA64(image.Rect(0, 0, 3, 3))), uint16(1), uint16(1), uint8(0))
	f.Add(filmOf(f, img, noise(17, 11), quadrants(17, 11, asSeen[1])), uint16(9), uint16(7), uint8(0))
	f.Add(animationOf(f, rand.New(rand.NewPCG(3, 1)), 9, 8, 5, 0), uint16(20), uint16(7), uint8(16+3))
	f.Add(scannedJPEG(30, 20, 4), uint16(9), uint16(7), uint8(0))
	f.Add(render1(f, encoded(f, PNG, img), Variant{Format: WebP}).Bytes, uint16(9), uint16(7), uint8(128))
	f.Add(translucent(f, soft(9, 7), 3<<2, make([]byte, 63)), uint16(9), uint16(7), uint8(64))
	f.Fuzz(func(t *testing.T, source []byte, width, height uint16, kind uint8) {
		v := Variant{
			Width: int(width % 300), Height: int(height % 300), Upscale: kind&16 != 0,
			Fit:    []Fit{Inside, Cover, Fill, Pad, Outside}[kind%5],
			Format: []Format{Same, JPEG, PNG, GIF, WebP}[kind/32%5],
		}
		result, err := Render(t.Context(), source, []Variant{v, {Width: 5}}, Limits{MaxPixels: 1 << 18, MaxSide: 4096, MaxAnimationPixels: 1 << 20})
		checkFuzzed(t, err)
		for _, out := range result.Outputs {
			checkFuzzed(t, out.Err)
			if out.Err != nil {
				continue
			}
			img, err := decodeWith(bytes.NewReader(out.Bytes), out.Format)
			if err != nil {
				t.Fatalf("output %s: %v", out.Format, err)
			}
			if img.Bounds().Size() != image.Pt(out.Width, out.Height) {
				t.Errorf("output is %v, claims %d x %d", img.Bounds(), out.Width, out.Height)
			}
		}
	})
}

func checkFuzzed(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Code == "" || len(err.Error()) > 300 {
		t.Errorf("error = %v (%T), want a short *Error", err, err)
	}
	if _, wrong := errors.AsType[png.FormatError](err); wrong && e.Code != DecodeFailed {
		t.Errorf("error = %v with code %s", err, e.Code)
	}
}
