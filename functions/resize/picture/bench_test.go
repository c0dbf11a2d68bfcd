package picture

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkRender makes a 256-pixel JPEG of made-up pictures. If MAPFLEET_PHOTOS names a folder it is of small/*.jpg and
// large/*.jpg in it instead, one picture an iteration in turn.
func BenchmarkRender(b *testing.B) {
	sizes := []struct {
		name          string
		width, height int
	}{{"small", 500, 375}, {"large", 4000, 3000}}
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			sources := photographs(b, size.name)
			if len(sources) == 0 {
				sources = [][]byte{encoded(b, JPEG, noise(size.width, size.height))}
			}
			variants := []Variant{{Width: 256, Height: 256}}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				result, err := Render(b.Context(), sources[i%len(sources)], variants, Limits{})
				if err != nil || result.Outputs[0].Err != nil {
					b.Fatal(err, result.Outputs)
				}
			}
		})
	}
}

func photographs(b *testing.B, kind string) (files [][]byte) {
	root := os.Getenv("MAPFLEET_PHOTOS")
	if root == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(root, kind, "*.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// BenchmarkFormats makes a 256-pixel JPEG, or a PNG where there is alpha, of 12 MP in every format that can be read. It is of
// made-up pixels, or of the first large/*.jpg in the folder MAPFLEET_PHOTOS.
func BenchmarkFormats(b *testing.B) {
	img := noise(4000, 3000)
	if photos := photographs(b, "large"); len(photos) > 0 {
		img = convertedTo(image.NewNRGBA(decoded(b, photos[0]).Bounds()), decoded(b, photos[0])).(*image.NRGBA)
	}
	soft := copied(img)
	for i := 3; i < len(soft.Pix); i += 4 {
		soft.Pix[i] = uint8(min(255, i/4%4000))
	}
	premultiplied := convertedTo(image.NewRGBA(soft.Rect), soft)
	sources := []struct {
		name   string
		source func() []byte
	}{
		{"jpeg", func() []byte { return encoded(b, JPEG, img) }},
		{"png", func() []byte { return encoded(b, PNG, img) }},
		{"png with alpha", func() []byte { return encoded(b, PNG, soft) }},
		{"webp", func() []byte { return webpFile(b, img, false) }},
		{"webp with alpha", func() []byte { return webpFile(b, soft, false) }},
		{"webp lossless", func() []byte { return webpFile(b, img, true) }},
		{"webp lossless with alpha", func() []byte { return webpFile(b, soft, true) }},
		{"gif", func() []byte { return encoded(b, GIF, forGIF(copied(img))) }},
		{"bmp", func() []byte { return encoded(b, BMP, img) }},
		{"bmp with alpha", func() []byte { return alphaBMP(soft) }},
		{"tiff", func() []byte { return encoded(b, TIFF, img) }},
		{"tiff gray", func() []byte { return encoded(b, TIFF, convertedTo(image.NewGray(img.Rect), img)) }},
		{"tiff with alpha", func() []byte { return encoded(b, TIFF, soft) }},
		{"tiff premultiplied", func() []byte { return encoded(b, TIFF, premultiplied) }},
	}
	for _, s := range sources {
		b.Run(s.name, func(b *testing.B) {
			source := s.source()
			v := Variant{Width: 256, Height: 256, Format: JPEG}
			if strings.Contains(s.name, "alpha") || strings.Contains(s.name, "premultiplied") {
				v.Format = PNG
			}
			b.ReportAllocs()
			for b.Loop() {
				result, err := Render(b.Context(), source, []Variant{v}, Limits{})
				if err != nil || result.Outputs[0].Err != nil {
					b.Fatal(err, result.Outputs)
				}
			}
		})
	}
}
