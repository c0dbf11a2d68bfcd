package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"runtime"
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	photo := encoded(t, JPEG, noise(64, 48))
	badIndex := tiffPalette(2, 2, 1, asSeen[1], []byte{0, 1, 2, 4})
	animation := append([]byte("WEBP"), riffChunk("VP8X", []byte{2, 0, 0, 0, 7, 0, 0, 7, 0, 0})...)
	animation = append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(animation))), animation...)
	tests := []struct {
		name   string
		source []byte
		code   string
		text   string
	}{
		{"nothing", nil, Empty, "read picture: no bytes"},
		{"text", []byte("hello, this is no picture at all"), UnknownFormat, "read picture: unknown format"},
		{"zeros", make([]byte, 4096), UnknownFormat, "read picture: unknown format"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), UnsupportedFormat, "read picture: cannot read heic"},
		{"avif", []byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), UnsupportedFormat, "read picture: cannot read avif"},
		{"svg", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), UnsupportedFormat, "read picture: cannot read svg"},
		{"pdf", []byte("%PDF-1.7"), UnsupportedFormat, "read picture: cannot read pdf"},
		{"animated webp", animation, UnsupportedFormat, "read webp: animation"},
		{"lossless jpeg", flatJPEG(0xc3, 1), UnsupportedFormat, "read jpeg: unsupported jpeg: lossless coding"},
		{"arithmetic jpeg", flatJPEG(0xc9, 1), UnsupportedFormat, "read jpeg: unsupported jpeg: arithmetic coding"},
		{"hierarchical jpeg", flatJPEG(0xc5, 1), UnsupportedFormat, "read jpeg: unsupported jpeg: hierarchical coding"},
		{"jpeg of 12 bits", bytes.Replace(flatJPEG(0xc1, 1), []byte{8, 0, 8}, []byte{12, 0, 8}, 1), UnsupportedFormat, "read jpeg: unsupported jpeg: 12 bits a sample"},
		{"jpeg of two components", flatJPEG(0xc0, 1, 2), UnsupportedFormat, "read jpeg: unsupported jpeg: 2 components"},
		{"jpeg cut in its header", photo[:20], DecodeFailed, "read jpeg: unexpected EOF"},
		{"jpeg cut in its pixels", photo[:len(photo)*2/3], DecodeFailed, "decode jpeg: bad jpeg: truncated"},
		{"jpeg of three bytes", photo[:3], DecodeFailed, ""},
		{"png without pixels", pngOf(10, 10, 2), DecodeFailed, ""},
		{"png of no width", pngOf(0, 10, 2), DecodeFailed, ""},
		{"png with a broken checksum", flip(encoded(t, PNG, noise(9, 9)), 60), DecodeFailed, ""},
		{"gif cut short", encoded(t, GIF, noise(9, 9))[:300], DecodeFailed, ""},
		{"gif whose frame is larger than its canvas", shrinkCanvas(encoded(t, GIF, noise(9, 9))), DecodeFailed, ""},
		{"bmp cut short", encoded(t, BMP, noise(9, 9))[:100], DecodeFailed, ""},
		{"tiff of a header", []byte("II*\x00\x08\x00\x00\x00"), DecodeFailed, ""},
		{"tiff with an index beyond its palette", badIndex, DecodeFailed, "decode tiff: invalid format: invalid color index"},
		{"webp of a header", []byte("RIFF\x04\x00\x00\x00WEBP"), DecodeFailed, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result, err := Render(t.Context(), test.source, []Variant{{Width: 1}}, Limits{})
			wantCode(t, err, test.code)
			if err != nil && test.text != "" && err.Error() != test.text {
				t.Errorf("error = %q, want %q", err, test.text)
			}
			if result.Outputs != nil {
				t.Errorf("%d outputs beside an error", len(result.Outputs))
			}
		})
	}
}

func flip(file []byte, at int) []byte {
	file[at] ^= 0xff
	return file
}

func shrinkCanvas(gif []byte) []byte {
	gif[6] = 1
	return gif
}

// A file of some hundred bytes can claim any size. It is refused without the memory for it.
func TestHugeIsRefusedInLittleMemory(t *testing.T) {
	bmp := encoded(t, BMP, noise(1, 1))
	binary.LittleEndian.PutUint32(bmp[18:], 30000)
	binary.LittleEndian.PutUint32(bmp[22:], 30000)
	gif := encoded(t, GIF, noise(1, 1))
	copy(gif[6:], []byte{0x30, 0x75, 0x30, 0x75})
	jpeg := bytes.Replace(flatJPEG(0xc0, 1), []byte{8, 0, 8, 0, 8, 1}, []byte{8, 0x75, 0x30, 0x75, 0x30, 1}, 1)
	webp := webpOf(1, 1, false, func(int, int) bool { return false })
	copy(webp[21:], []byte{0xff, 0xff, 0xff, webp[24] | 0x0f}) // 16384 x 16384
	tests := []struct {
		name   string
		source []byte
	}{
		{"png", pngOf(30000, 30000, 2)},
		{"png with an orientation", withEXIF(pngOf(30000, 30000, 6), exifBlock(binary.LittleEndian, 6))},
		{"png one pixel high", pngOf(90_000_000, 1, 0)},
		{"bmp", bmp},
		{"gif", gif},
		{"jpeg", jpeg},
		{"tiff", tiffPalette(30000, 30000, 1, asSeen[1], []byte{0})},
		{"webp", webp},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Render(t.Context(), test.source, []Variant{{Width: 256}}, Limits{})
			runtime.ReadMemStats(&after)
			wantCode(t, err, TooManyPixels)
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 256<<10 {
				t.Errorf("refusing allocated %d bytes", spent)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	source := encoded(t, PNG, image.NewGray(image.Rect(0, 0, 100, 50)))
	tests := []struct {
		name   string
		limits Limits
		code   string
	}{
		{"defaults", Limits{}, ""},
		{"just enough", Limits{MaxPixels: 5000, MaxBytes: int64(len(source)), MaxSide: 100}, ""},
		{"one pixel too many", Limits{MaxPixels: 4999}, TooManyPixels},
		{"one byte too many", Limits{MaxBytes: int64(len(source)) - 1}, TooManyBytes},
		{"too wide", Limits{MaxSide: 99}, TooManyPixels},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Render(t.Context(), source, []Variant{{}}, test.limits)
			if test.code != "" {
				wantCode(t, err, test.code)
			} else if err != nil {
				t.Errorf("Render: %v", err)
			}
		})
	}
}

// An output beyond the limits costs nothing, and not the other variants either.
func TestOutputsAreLimitedToo(t *testing.T) {
	thread := encoded(t, PNG, image.NewGray(image.Rect(0, 0, 60000, 1)))
	variants := []Variant{
		{Width: 20000, Height: 20000, Fit: Fill, Upscale: true},
		{Width: 1 << 40, Height: 1 << 40, Fit: Pad},
		{Width: 300, Height: 300, Fit: Outside, Upscale: true},
		{Width: 300, Height: 300, Fit: Cover, Upscale: true},
		{Width: 1, Height: 1000, Fit: Fill, Upscale: true},
	}
	result, err := Render(t.Context(), thread, variants, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i, out := range result.Outputs {
		if i < 3 {
			wantCode(t, out.Err, TooManyPixels)
		} else if out.Err != nil || len(out.Bytes) == 0 {
			t.Errorf("output %d: %v", i, out.Err)
		}
	}
}

func TestInvalidVariants(t *testing.T) {
	tests := map[string]Variant{
		"unknown fit":            {Fit: "squeeze", Width: 1, Height: 1},
		"cover without a height": {Fit: Cover, Width: 1},
		"fill without a width":   {Fit: Fill, Height: 1},
		"pad without either":     {Fit: Pad},
		"negative width":         {Width: -1},
		"negative height":        {Height: -1},
		"quality 101":            {Quality: 101},
		"quality -1":             {Quality: -1},
		"bmp cannot be written":  {Format: BMP},
		"unknown format":         {Format: "jpg"},
		"unknown filter":         {Filter: "mitchell"},
	}
	source := encoded(t, PNG, noise(8, 8))
	for name, v := range tests {
		t.Run(name, func(t *testing.T) {
			wantCode(t, v.Validate(), InvalidVariant)
			result, err := Render(t.Context(), source, []Variant{v, {Width: 4}}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, result.Outputs[0].Err, InvalidVariant)
			if good := result.Outputs[1]; good.Err != nil || good.Width != 4 {
				t.Errorf("the valid variant beside it: %d wide, %v", good.Width, good.Err)
			}
		})
	}
}

// What codecs should never return must not reach the resizer, whose vectors look at no bounds.
func TestLayoutsThatLie(t *testing.T) {
	canvas := image.Rect(0, 0, 8, 8)
	one := color.Palette{red}
	short := func(n int) []byte { return make([]byte, n) }
	ycbcr := func(change func(*image.YCbCr)) image.Image {
		m := image.NewYCbCr(canvas, image.YCbCrSubsampleRatio420)
		change(m)
		return m
	}
	tests := map[string]image.Image{
		"index beyond the palette":      &image.Paletted{Pix: append(short(63), 1), Stride: 8, Rect: canvas, Palette: one},
		"no palette":                    &image.Paletted{Pix: short(64), Stride: 8, Rect: canvas},
		"paletted with few pixels":      &image.Paletted{Pix: short(63), Stride: 8, Rect: canvas, Palette: one},
		"paletted beyond the canvas":    image.NewPaletted(image.Rect(1, 0, 9, 8), color.Palette{red}),
		"gray with few pixels":          &image.Gray{Pix: short(63), Stride: 8, Rect: canvas},
		"gray with a short stride":      &image.Gray{Pix: short(64), Stride: 7, Rect: canvas},
		"rgba with few pixels":          &image.RGBA{Pix: short(255), Stride: 32, Rect: canvas},
		"nrgba with few pixels":         &image.NRGBA{Pix: short(255), Stride: 32, Rect: canvas},
		"gray16 with few pixels":        &image.Gray16{Pix: short(127), Stride: 16, Rect: canvas},
		"rgba64 with few pixels":        &image.RGBA64{Pix: short(511), Stride: 64, Rect: canvas},
		"nrgba64 with few pixels":       &image.NRGBA64{Pix: short(511), Stride: 64, Rect: canvas},
		"cmyk with few pixels":          &image.CMYK{Pix: short(255), Stride: 32, Rect: canvas},
		"ycbcr with little luma":        ycbcr(func(m *image.YCbCr) { m.Y = m.Y[:63] }),
		"ycbcr with little chroma":      ycbcr(func(m *image.YCbCr) { m.Cb = m.Cb[:15] }),
		"ycbcr with less of the other":  ycbcr(func(m *image.YCbCr) { m.Cr = m.Cr[:15] }),
		"ycbcr with a narrow chroma":    ycbcr(func(m *image.YCbCr) { m.CStride = 3 }),
		"ycbcr of another origin":       image.NewYCbCr(canvas.Add(image.Pt(8, 0)), image.YCbCrSubsampleRatio420),
		"another size than the header":  image.NewGray(image.Rect(0, 0, 9, 8)),
		"a layout that nobody expected": image.NewAlpha(canvas),
	}
	for name, img := range tests {
		t.Run(name, func(t *testing.T) {
			if out, err := plain(img, canvas); err == nil {
				t.Errorf("plain = %T, want an error", out)
			}
		})
	}
}

func TestCodecPanicIsContained(t *testing.T) {
	err := func() (err error) {
		defer contain(DecodeFailed, "decode jpeg", &err)
		var none []byte
		_ = none[len(t.Name())]
		return nil
	}()
	wantCode(t, err, DecodeFailed)
	if !strings.HasPrefix(err.Error(), "decode jpeg: codec panicked: ") {
		t.Errorf("error = %q", err)
	}
}

func TestErrorTextIsShortAndPrintable(t *testing.T) {
	err := failWith(DecodeFailed, "decode gif", errors.New("gif: unknown block \x00\x1b[2J\xff"+strings.Repeat("x", 9999)))
	wantCode(t, err, DecodeFailed)
	if len(err.Error()) > 200 || !strings.HasPrefix(err.Error(), "decode gif: unknown block ??[2J?x") {
		t.Errorf("error = %q", err)
	}
}
