package picture

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"testing"
)

// asSeen is red, green, blue, white after each orientation (EXIF 2.32, tag 274).
var asSeen = [9][4]color.NRGBA{
	1: {red, green, blue, white},
	2: {green, red, white, blue},
	3: {white, blue, green, red},
	4: {blue, white, red, green},
	5: {red, blue, green, white},
	6: {blue, red, white, green},
	7: {white, green, blue, red},
	8: {green, white, red, blue},
}

func TestOrientation(t *testing.T) {
	img := quadrants(64, 32, asSeen[1])
	files := map[string]func(orientation int) []byte{
		"jpeg little endian": func(o int) []byte { return withEXIF(encoded(t, JPEG, img), exifBlock(binary.LittleEndian, o)) },
		"jpeg big endian":    func(o int) []byte { return withEXIF(encoded(t, JPEG, img), exifBlock(binary.BigEndian, o)) },
		"png":                func(o int) []byte { return withEXIF(encoded(t, PNG, img), exifBlock(binary.BigEndian, o)) },
		"tiff":               func(o int) []byte { return tiffPalette(64, 32, o, asSeen[1], quadrantPixels(64, 32)) },
	}
	for name, file := range files {
		for o := 1; o <= 8; o++ {
			t.Run(fmt.Sprintf("%s %d", name, o), func(t *testing.T) {
				w, h := 64, 32
				if o >= 5 {
					w, h = h, w
				}
				source := file(o)
				info, err := Inspect(source, Limits{})
				if err != nil || info.Width != w || info.Height != h || info.Orientation != o {
					t.Fatalf("Inspect = %+v, %v, want %d x %d", info, err, w, h)
				}
				out := render1(t, source, Variant{Format: PNG})
				got, want := decoded(t, out.Bytes), quadrants(w, h, asSeen[o])
				if info.Format == JPEG { // whose chroma has half the pixels: hard edges are soft, so look beside them
					wantQuarters(t, got, want, 4)
				} else {
					wantPixels(t, got, want, 4)
				}
				if again, _ := Inspect(out.Bytes, Limits{}); again.Orientation != 1 {
					t.Errorf("output has orientation %d, would be turned twice", again.Orientation)
				}
			})
		}
	}
}

func TestOrientationWebP(t *testing.T) {
	yellow := color.NRGBA{R: 255, G: 255, A: 255}
	file := webpOf(16, 8, false, func(x, _ int) bool { return x < 8 })
	out := render1(t, withEXIF(file, exifBlock(binary.LittleEndian, 6)), Variant{Format: PNG})
	wantPixels(t, decoded(t, out.Bytes), quadrants(8, 16, [4]color.NRGBA{yellow, yellow, red, red}), 0)

	header := append([]byte("Exif\x00\x00"), exifBlock(binary.LittleEndian, 8)...)
	out = render1(t, withEXIF(file, header), Variant{Format: PNG})
	wantPixels(t, decoded(t, out.Bytes), quadrants(8, 16, [4]color.NRGBA{red, red, yellow, yellow}), 0)
}

// Turning and then fitting is fitting the turned picture, for every fit.
func TestOrientationThenFit(t *testing.T) {
	stored := encoded(t, PNG, noise(61, 40))
	for o := 1; o <= 8; o++ {
		tagged := withEXIF(stored, exifBlock(binary.LittleEndian, o))
		baked := render1(t, tagged, Variant{Format: PNG}).Bytes
		for _, fit := range []Fit{Inside, Cover, Fill, Pad, Outside} {
			for _, size := range []image.Point{{20, 30}, {30, 20}, {33, 7}} {
				t.Run(fmt.Sprintf("%d %s %v", o, fit, size), func(t *testing.T) {
					v := Variant{Width: size.X, Height: size.Y, Fit: fit, Background: blue}
					got, want := render1(t, tagged, v), render1(t, baked, v)
					wantPixels(t, decoded(t, got.Bytes), decoded(t, want.Bytes), 3)
				})
			}
		}
	}
}

func TestOrientationThatMakesNoSense(t *testing.T) {
	good := exifBlock(binary.LittleEndian, 6)
	edit := func(at int, value ...byte) []byte {
		block := append([]byte(nil), good...)
		copy(block[at:], value)
		return block
	}
	tests := []struct {
		name  string
		block []byte
	}{
		{"empty", nil},
		{"only a byte order", good[:4]},
		{"cut in the entries", good[:30]},
		{"no byte order", edit(0, 'X', 'X')},
		{"directory beyond the end", edit(4, 0xff, 0xff, 0xff, 0xff)},
		{"directory at the end", edit(4, byte(len(good)-1))},
		{"more entries than bytes, none the right one", edit(8, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff)},
		{"a long where a short belongs", edit(24, 4)},
		{"zero", exifBlock(binary.LittleEndian, 0)},
		{"nine", exifBlock(binary.BigEndian, 9)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := exifOrientation(test.block); got != 1 {
				t.Errorf("exifOrientation = %d, want 1", got)
			}
		})
	}
	if got := exifOrientation(good); got != 6 {
		t.Errorf("exifOrientation of the good block = %d, want 6", got)
	}
}
