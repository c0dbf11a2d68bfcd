package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"mapfleet/functions/resize/picture/planar"
	"mapfleet/functions/resize/picture/scaledjpeg"
)

// Every sample of ink counts, and those of a plane that has fewer stand for their neighbours.
func TestShine(t *testing.T) {
	for _, test := range []struct {
		colour scaledjpeg.Color
		halved [4]bool
	}{
		{scaledjpeg.CMYK, [4]bool{}},
		{scaledjpeg.YCCK, [4]bool{}},
		{scaledjpeg.YCCK, [4]bool{false, true, true, false}},
		{scaledjpeg.CMYK, [4]bool{true, false, true, true}},
	} {
		const width, height = 15, 9
		random := rand.New(rand.NewPCG(1, 2))
		p := planes{scale: 1}
		var stored [4][height][width]uint8
		for i, halved := range test.halved {
			step, less := 1, sampling{1, 1}
			if halved {
				step, less = 2, sampling{0.5, 0.5}
			}
			plane := planar.New((width+step-1)/step, (height+step-1)/step)
			for at := range plane.Pix {
				plane.Pix[at] = uint8(random.Uint32())
			}
			for y := range height {
				for x := range width {
					stored[i][y][x] = plane.Row(y / step)[x/step]
				}
			}
			p.planes, p.sampling = append(p.planes, plane), append(p.sampling, less)
		}
		p.shine(test.colour)
		if len(p.planes) != 3 || len(p.sampling) != 3 || p.sampling[1] != (sampling{1, 1}) {
			t.Fatalf("%v halved %v: %d planes of resolutions %v, want 3 of full", test.colour, test.halved, len(p.planes), p.sampling)
		}
		for y := range height {
			for x := range width {
				c, m, ye := 255-stored[0][y][x], 255-stored[1][y][x], 255-stored[2][y][x]
				if test.colour == scaledjpeg.YCCK {
					c, m, ye = color.YCbCrToRGB(stored[0][y][x], stored[1][y][x], stored[2][y][x])
				}
				r, g, b := color.CMYKToRGB(c, m, ye, 255-stored[3][y][x])
				got := [3]uint8{p.planes[0].Row(y)[x], p.planes[1].Row(y)[x], p.planes[2].Row(y)[x]}
				if got != [3]uint8{r, g, b} {
					t.Fatalf("%v halved %v at %d,%d = %v, want %v", test.colour, test.halved, x, y, got, [3]uint8{r, g, b})
				}
			}
		}
	}
}

// A JPEG's memory is its planes at full size, and of a progressive one all coefficients beside.
func TestMemoryBytesOfJPEG(t *testing.T) {
	const blocks = 38 * 38 // of 300 x 300
	tests := map[string]struct {
		file []byte
		want int
	}{
		"4:2:0":            {encoded(t, JPEG, noise(300, 300)), 320 * 304 * 3 / 2},
		"gray":             {encoded(t, JPEG, image.NewGray(image.Rect(0, 0, 300, 300))), 320 * 304},
		"progressive gray": {scannedJPEG(300, 300, 3), 320*304 + 2*(64*blocks+64) + 8*blocks},
		"cmyk":             {flatJPEG(0xc0, 1, 2, 3, 4), 4*32*8 + 3*8*8},
	}
	for name, test := range tests {
		info, err := Inspect(test.file, Limits{})
		if want := int64(test.want + len(test.file)); err != nil || info.MemoryBytes != want {
			t.Errorf("%s: MemoryBytes = %d (%v), want %d", name, info.MemoryBytes, err, want)
		}
	}
}
