package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"testing"
)

// What comes from the general codecs looks as imaging makes it, over black and over white. The differences are imaging's, as with
// PNG, and those of chroma that was never RGB.
func TestOtherFormatsAsByImaging(t *testing.T) {
	opaque := soft(61, 40)
	rect := opaque.Rect
	clear := copied(opaque)
	for i := 0; i < len(clear.Pix); i += 4 {
		clear.Pix[i+3] = byte(min(255, (i/4%61)*(i/4/61)/4))
	}
	few := image.NewPaletted(image.Rect(5, 3, 50, 33), color.Palette{red, green, blue, color.NRGBA{}})
	for i := range few.Pix {
		few.Pix[i] = byte(i / 7 % 4)
	}
	film := filmOf(t, opaque, noise(61, 40))
	tests := map[string]struct {
		source []byte
		most   int
		mean   float64
	}{
		"webp":                     {webpFile(t, opaque, false), 8, 1.5},
		"webp with alpha":          {webpFile(t, clear, false), 6, 1.5},
		"webp with full alpha":     {fullAlphaWebP(t, opaque), 8, 1.5},
		"webp lossless":            {webpFile(t, opaque, true), 6, 1.5},
		"webp lossless with alpha": {webpFile(t, clear, true), 6, 1.5},
		"gif":                      {encoded(t, GIF, few), 64, 7},
		"gif of several":           {film, 6, 1.5},
		"bmp":                      {encoded(t, BMP, opaque), 6, 1.5},
		"bmp with alpha":           {alphaBMP(clear), 6, 1.5},
		"bmp gray":                 {encoded(t, BMP, convertedTo(image.NewGray(rect), opaque)), 6, 1.5},
		"tiff":                     {encoded(t, TIFF, opaque), 6, 1.5},
		"tiff with alpha":          {encoded(t, TIFF, clear), 6, 1.5},
		"tiff premultiplied":       {encoded(t, TIFF, convertedTo(image.NewRGBA(rect), clear)), 6, 1.5},
		"tiff gray":                {encoded(t, TIFF, convertedTo(image.NewGray(rect), opaque)), 6, 1.5},
		"tiff of 16 bits":          {encoded(t, TIFF, convertedTo(image.NewNRGBA64(rect), clear)), 6, 1.5},
	}
	for name, test := range tests {
		for _, orientation := range []int{1, 6} {
			source := test.source
			if orientation > 1 {
				if source = withEXIF(source, exifBlock(binary.LittleEndian, orientation)); source == nil {
					continue
				}
			}
			for _, fit := range []Fit{Inside, Cover, Fill, Pad, Outside} {
				for _, size := range []image.Point{{20, 30}, {33, 7}, {90, 80}, {61, 40}} {
					formats := []Format{JPEG, PNG}
					if name == "webp" || name == "webp with full alpha" {
						formats = formats[1:] // planes make a JPEG whose chroma has half the pixels
					}
					for _, format := range formats {
						t.Run(fmt.Sprintf("%s %d %s %v %s", name, orientation, fit, size, format), func(t *testing.T) {
							v := Variant{Width: size.X, Height: size.Y, Fit: fit, Upscale: true, Background: color.NRGBA{B: 200, A: 255}}
							got, want := byPlanes(t, source, v, format), byImaging(t, source, v, format)
							for _, under := range []uint8{0, 255} {
								most, mean := differences(over1(got, under), over1(want, under))
								if most > test.most || mean > test.mean {
									t.Errorf("over %d samples differ by %d at most and %.2f on average", under, most, mean)
								}
							}
						})
					}
				}
			}
		}
	}
}

// fullAlphaWebP says that it has alpha, of which nothing is to be seen: its layout is that of a picture with alpha.
func fullAlphaWebP(t testing.TB, img *image.NRGBA) []byte {
	t.Helper()
	file := webpFile(t, img, false)
	size := img.Rect.Size()
	header := binary.LittleEndian.AppendUint32([]byte{1 << 4, 0, 0, 0}, uint32(size.X-1))[:7]
	header = binary.LittleEndian.AppendUint32(header, uint32(size.Y-1))[:10]
	alpha := append([]byte{0}, bytes.Repeat([]byte{255}, size.X*size.Y)...)
	body := bytes.Join([][]byte{[]byte("WEBP"), riffChunk("VP8X", header), riffChunk("ALPH", alpha), file[12:]}, nil)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Planes of every subsampling show the whole picture, whichever way it is turned.
func TestPlanesOfEverySubsampling(t *testing.T) {
	img := soft(45, 31)
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		m := image.NewYCbCr(img.Rect, ratio)
		for y := 30; y >= 0; y-- { // so that the first pixel of each group gives its chroma
			for x := 44; x >= 0; x-- {
				c := color.YCbCrModel.Convert(img.At(x, y)).(color.YCbCr)
				m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = c.Y, c.Cb, c.Cr
			}
		}
		for _, orientation := range []int{1, 2, 4, 8} {
			info := Info{Width: 45, Height: 31, Orientation: orientation}
			if orientation >= 5 {
				info.Width, info.Height = 31, 45
			}
			v := Variant{Width: 23, Height: 17, Fit: Fill}
			p := newPlan(image.Pt(info.Width, info.Height), v)
			got, err := drawingOf(m, info, true).draw(p, v, PNG, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, err := drawingOf(img, info, true).draw(p, v, PNG, nil)
			if err != nil {
				t.Fatal(err)
			}
			if most, mean := differences(over1(got, 0), over1(want, 0)); most > 12 || mean > 3 {
				t.Errorf("%v, orientation %d: samples differ by %d at most and %.2f on average", ratio, orientation, most, mean)
			}
		}
	}
}

// A variant that keeps the pixels beside ones that scale them: each is what it is alone, also where colours come multiplied by alpha.
func TestKeptAndScaledRastersTogether(t *testing.T) {
	img := quadrants(64, 32, [4]color.NRGBA{{R: 200, G: 100, B: 50, A: 9}, {R: 255, A: 128}, {}, {R: 7, G: 77, B: 177, A: 255}})
	premultiplied := convertedTo(image.NewRGBA(img.Rect), img)
	sources := map[string]struct {
		source []byte
		kept   image.Image
	}{
		"bmp": {alphaBMP(img), img}, "webp": {webpFile(t, img, true), img}, "tiff": {encoded(t, TIFF, img), img},
		"tiff premultiplied": {encoded(t, TIFF, premultiplied), premultiplied},
	}
	variants := []Variant{{Width: 20, Format: PNG}, {Format: PNG}, {Width: 31, Height: 9, Fit: Cover, Format: PNG}}
	for name, test := range sources {
		t.Run(name, func(t *testing.T) {
			result, err := Render(t.Context(), test.source, variants, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			tolerance := 0
			if _, rounded := test.kept.(*image.RGBA); rounded {
				tolerance = 1
			}
			wantPixels(t, decoded(t, result.Outputs[1].Bytes), test.kept, tolerance)
			for i, v := range variants {
				if alone := render1(t, test.source, v); !bytes.Equal(alone.Bytes, result.Outputs[i].Bytes) {
					t.Errorf("variant %d differs from itself alone", i)
				}
			}
		})
	}
}

func TestOpaquePixels(t *testing.T) {
	for width := 1; width <= 9; width++ {
		img := quadrants(width, 3, asSeen[1])
		if r := newRaster(img.Pix, img.Stride, img.Rect.Size(), false); r.alpha {
			t.Errorf("width %d: an opaque picture has alpha", width)
		}
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 254
			if r := newRaster(img.Pix, img.Stride, img.Rect.Size(), false); !r.alpha {
				t.Errorf("width %d: alpha of pixel %d is not seen", width, i/4)
			}
			img.Pix[i] = 255
		}
	}
}
