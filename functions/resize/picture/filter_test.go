package picture

import (
	"bytes"
	"image"
	"testing"

	"mapfleet/functions/resize/picture/planar"
)

// resizer has the filters as the resizer knows them.
var resizer = map[Filter]planar.Filter{
	"": planar.Lanczos3, Lanczos3: planar.Lanczos3, CatmullRom: planar.CatmullRom, Linear: planar.Linear, Box: planar.Box,
}

// A gray picture shows what the resizer made, to the bit.
func TestFilterReachesTheResizer(t *testing.T) {
	gray := convertedTo(image.NewGray(image.Rect(0, 0, 61, 40)), noise(61, 40)).(*image.Gray)
	source := planar.Plane{Pix: gray.Pix, Stride: gray.Stride, Width: 61, Height: 40}
	for _, size := range []image.Point{{20, 13}, {90, 70}} {
		for filter, want := range resizer {
			resized := planar.New(size.X, size.Y)
			if err := planar.Resize(resized, source, planar.Whole(source), want); err != nil {
				t.Fatal(err)
			}
			for _, format := range []Format{PNG, BMP, TIFF} {
				v := Variant{Width: size.X, Height: size.Y, Fit: Fill, Upscale: true, Filter: filter, Format: PNG}
				out := decoded(t, render1(t, encoded(t, format, gray), v).Bytes).(*image.Gray)
				if !bytes.Equal(out.Pix, resized.Pix) {
					t.Errorf("%s to %v by filter %q is not what the resizer makes", format, size, filter)
				}
			}
		}
	}
}

// Whatever a picture is read from and written as, every filter gives another one, and none gives the default.
func TestFiltersDiffer(t *testing.T) {
	colour := noise(64, 48)
	clear := copied(colour)
	clear.Pix[3] = 0
	sources := map[string][]byte{
		"jpeg": encoded(t, JPEG, colour), "png": encoded(t, PNG, colour), "png with alpha": encoded(t, PNG, clear),
		"webp": webpFile(t, colour, false), "webp with alpha": webpFile(t, clear, true), "gif": encoded(t, GIF, colour),
		"film": filmOf(t, colour, soft(64, 48)), "bmp": encoded(t, BMP, colour), "tiff": encoded(t, TIFF, clear),
	}
	for name, source := range sources {
		for _, format := range []Format{Same, JPEG, WebP} {
			seen := map[string]Filter{}
			for _, filter := range []Filter{"", CatmullRom, Linear, Box} {
				v := Variant{Width: 41, Format: format, Filter: filter}
				out := string(render1(t, source, v).Bytes)
				if other, again := seen[out]; again {
					t.Errorf("%s to %q: filters %q and %q give the same", name, format, other, filter)
				}
				seen[out] = filter
			}
			v := Variant{Width: 41, Format: format, Filter: Lanczos3}
			if filter, again := seen[string(render1(t, source, v).Bytes)]; !again || filter != "" {
				t.Errorf("%s to %q: lanczos3 is not the default", name, format)
			}
		}
	}
}
