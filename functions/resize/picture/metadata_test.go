package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"testing"
)

// FuzzMetadata gives bytes to every reader, as a file, as a profile and as an EXIF block: nothing panics, what is believed survives
// being embedded, and no block leaves an orientation behind.
func FuzzMetadata(f *testing.F) {
	img := noise(6, 5)
	gray := image.NewGray(image.Rect(0, 0, 6, 5))
	bases := [][]byte{encoded(f, JPEG, img), encoded(f, PNG, img), encoded(f, JPEG, gray), encoded(f, PNG, gray)}
	profiles := [][]byte{
		p3ICC(), adobeICC(), lookupICC(), grayICC(curvTag(461)), rgbICC(primariesSRGB, tableTag(64, linearSRGB)),
		rgbICC(primariesP3, paraTag(4, 2, 1, 0, 0.5, 0.25, 0.001, 0.002)), icc("prtr", "CMYK", "Lab ", nil),
	}
	for _, profile := range profiles {
		f.Add(profile)
		for _, pair := range sourcesOf(f, img, profile) {
			f.Add(pair[1])
		}
	}
	for o := range 9 {
		f.Add(cameraEXIF(binary.LittleEndian, o))
		f.Add(withEXIF(bases[o%2], cameraEXIF(binary.BigEndian, o)))
	}
	f.Add(flatJPEG(0xc0, 1, 2, 3, 4))
	f.Add(withoutAdobe(flatJPEG(0xc0, 1, 2, 3, 4)))
	variants := []Variant{
		{KeepEXIF: true}, {KeepEXIF: true, Format: PNG}, {Color: SRGB}, {Color: SRGB, Width: 9, Height: 3, Fit: Pad, Background: red}, {Format: GIF}, {KeepEXIF: true, Format: WebP},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range []Format{JPEG, PNG, WebP, TIFF, GIF, BMP} {
			spaceOf(data, format)
			exif(data, format)
			inked(data, format)
			readMetadata(data, format, variants)
		}
		if block := rewriteEXIF(data, image.Pt(6, 5)); block != nil && (exifOrientation(block) != 1 || len(block) > len(data)) {
			t.Errorf("block of %d bytes has orientation %d", len(block), exifOrientation(block))
		}
		if p, ok := parseProfile(data); ok {
			for i, base := range bases {
				format := []Format{JPEG, PNG}[i%2]
				out := treatment{profile: p}.embed(base, format, image.Pt(6, 5))
				if got := iccProfile(out, format); (p.space == spaceOf(base, format)) != bytes.Equal(got, p.raw) {
					t.Errorf("base %d: profile of %d bytes became %d", i, len(p.raw), len(got))
				}
			}
		}
		if len(data) == 0 || len(data) > 60_000 {
			return
		}
		base := bases[len(data)%len(bases)]
		result, err := Render(context.Background(), withEXIF(withICC(base, data, 65519), data), variants, Limits{})
		if err != nil {
			t.Fatalf("a sound picture is refused for its metadata: %v", err)
		}
		for i, out := range result.Outputs {
			if out.Err != nil {
				t.Fatalf("variant %d: %v", i, out.Err)
			}
			if img := decoded(t, out.Bytes); img.Bounds().Size() != image.Pt(out.Width, out.Height) {
				t.Errorf("variant %d is %v, claims %d x %d", i, img.Bounds(), out.Width, out.Height)
			}
			if info, err := Inspect(out.Bytes, Limits{}); err != nil || info.Orientation != 1 {
				t.Errorf("variant %d has orientation %d, %v", i, info.Orientation, err)
			}
		}
	})
}

func TestSpaceOf(t *testing.T) {
	img, gray, deep := noise(8, 8), image.NewGray(image.Rect(0, 0, 8, 8)), image.NewGray16(image.Rect(0, 0, 8, 8))
	palette, _ := asIndexed(quadrants(8, 8, asSeen[1]))
	tests := []struct {
		name string
		file []byte
		want space
	}{
		{"jpeg", encoded(t, JPEG, img), spaceRGB},
		{"jpeg gray", encoded(t, JPEG, gray), spaceGray},
		{"jpeg cmyk", flatJPEG(0xc0, 1, 2, 3, 4), spaceCMYK},
		{"jpeg progressive", flatJPEG(0xc2, 1, 2, 3), spaceRGB},
		{"jpeg of two components", flatJPEG(0xc0, 1, 2), ""},
		{"jpeg without a frame", []byte("\xff\xd8\xff\xe0\x00\x02"), ""},
		{"png", encoded(t, PNG, img), spaceRGB},
		{"png palette", encoded(t, PNG, palette), spaceRGB},
		{"png gray", encoded(t, PNG, gray), spaceGray},
		{"png gray16", encoded(t, PNG, deep), spaceGray},
		{"png gray and alpha", pngOf(3, 3, 4), spaceGray},
		{"png cut", []byte("\x89PNG\r\n\x1a\n"), ""},
		{"tiff", encoded(t, TIFF, img), spaceRGB},
		{"tiff gray", encoded(t, TIFF, gray), spaceGray},
		{"tiff palette", tiffPalette(2, 2, 1, asSeen[1], []byte{0, 1, 2, 3}), spaceRGB},
		{"tiff cut", []byte("II*\x00\xff\xff\xff\xff"), ""},
		{"webp", webpOf(4, 4, true, func(x, y int) bool { return x > y }), spaceRGB},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			format, _ := Sniff(append(bytes.Clone(test.file), make([]byte, 32)...))
			if got := spaceOf(test.file, format); got != test.want {
				t.Errorf("spaceOf = %q, want %q", got, test.want)
			}
		})
	}
}

// Several variants of one source, some of which convert and some of which do not, do not disturb each other.
func TestTreatmentsSideBySide(t *testing.T) {
	variants := []Variant{
		{Format: JPEG}, {Format: JPEG, Color: SRGB}, {Format: PNG, Color: SRGB, KeepEXIF: true}, {Format: GIF}, {Format: JPEG, KeepEXIF: true}, {Format: JPEG},
	}
	for _, img := range []image.Image{noise(40, 30), grayRamp()} {
		profile := adobeICC()
		if _, gray := img.(*image.Gray); gray {
			profile = grayICC(curvTag(461))
		}
		for _, format := range []Format{JPEG, PNG, TIFF} {
			source := withICC(encoded(t, format, img), profile, 65519)
			result, err := Render(t.Context(), source, variants, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range variants {
				alone := render1(t, source, v)
				if !bytes.Equal(alone.Bytes, result.Outputs[i].Bytes) {
					t.Errorf("%s: variant %d differs when it is made alone", format, i)
				}
			}
		}
	}
}

// BenchmarkMetadata reads what a JPEG says before its pixels, and converts the pixels of a small output.
func BenchmarkMetadata(b *testing.B) {
	bare := encoded(b, JPEG, noise(500, 375))
	variants := []Variant{{Width: 256}}
	for name, source := range map[string][]byte{
		"none": bare, "srgb": withICC(bare, rgbICC(primariesSRGB, tableTag(1024, linearSRGB)), 65519),
		"srgb-parametric": withICC(bare, rgbICC(primariesSRGB, curveSRGB), 65519), "p3": withICC(bare, p3ICC(), 65519),
	} {
		b.Run("read/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				readMetadata(source, JPEG, variants)
			}
		})
	}
	b.Run("convert", func(b *testing.B) {
		colours := newTransform(mustProfile(b, p3ICC()))
		img := noise(256, 192)
		b.SetBytes(256 * 192)
		for b.Loop() {
			colours.apply(img)
		}
	})
	for _, color := range []Color{KeepProfile, SRGB} {
		b.Run("render/"+string(color), func(b *testing.B) {
			source := withICC(bare, p3ICC(), 65519)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(b.Context(), source, []Variant{{Width: 256, Color: color}}, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
