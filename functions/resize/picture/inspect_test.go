package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// The shorter way to a JPEG's size and colours must come to what the standard library says.
func TestInspectJPEGAsTheStandardLibrary(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 33, 7))
	whole := encoded(t, JPEG, noise(40, 30))
	cases := map[string][]byte{
		"colour":          whole,
		"gray":            encoded(t, JPEG, gray),
		"with EXIF":       withEXIF(encoded(t, JPEG, noise(9, 90)), exifBlock(binary.BigEndian, 6)),
		"progressive":     scannedJPEG(30, 20, 4),
		"RGB":             withAdobe(flatJPEG(0xc0, 1, 2, 3), 0),
		"four components": flatJPEG(0xc0, 1, 2, 3, 4),
	}
	for name, file := range cases {
		want, err := jpeg.DecodeConfig(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := jpegConfig(file)
		if err != nil || got.Width != want.Width || got.Height != want.Height || got.ColorModel != want.ColorModel {
			t.Errorf("%s: jpegConfig = %d x %d, gray %t, %v, want %d x %d, gray %t", name,
				got.Width, got.Height, got.ColorModel == color.GrayModel, err, want.Width, want.Height, want.ColorModel == color.GrayModel)
		}
		if info, err := Inspect(file, Limits{}); err != nil || info.stored() != image.Pt(want.Width, want.Height) {
			t.Errorf("%s: Inspect = %v, %v, want %d x %d", name, info.stored(), err, want.Width, want.Height)
		}
	}
}
