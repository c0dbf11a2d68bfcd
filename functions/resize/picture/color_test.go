package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"
)

// Whatever is wrong with a profile, the picture is as it is without one.
func TestDamagedProfileIsNoProfile(t *testing.T) {
	jpegs, pngs, good := encoded(t, JPEG, noise(40, 30)), encoded(t, PNG, noise(40, 30)), p3ICC()
	huge := func(size int) []byte {
		raw := append(bytes.Clone(good), make([]byte, size-len(good))...)
		binary.BigEndian.PutUint32(raw, uint32(size))
		return raw
	}
	chunk := func(data []byte) []byte { return withPNGChunk(pngs, "iCCP", data) }
	named := func(stream []byte) []byte { return append([]byte("x\x00\x00"), stream...) }
	tests := []struct {
		name   string
		source []byte
		plain  []byte
	}{
		{"jpeg: cut", withICC(jpegs, good[:200], 65519), jpegs},
		{"jpeg: too large", withICC(jpegs, huge(maxProfile+4), 65519), jpegs},
		{"jpeg: of another space", withICC(jpegs, icc("prtr", "CMYK", "Lab ", nil), 65519), jpegs},
		{"jpeg: gray", withICC(jpegs, grayICC(curvTag(461)), 65519), jpegs},
		{"png: cut", withICC(pngs, good[:200], 0), pngs},
		{"png: too large", withICC(pngs, huge(maxProfile+4), 0), pngs},
		{"png: bomb", chunk(named(deflated(make([]byte, 64<<20)))), pngs},
		{"png: no name", chunk([]byte("abc")), pngs},
		{"png: no method", chunk([]byte("abc\x00")), pngs},
		{"png: unknown method", chunk(append([]byte("x\x00\x01"), deflated(good)...)), pngs},
		{"png: not zlib", chunk(named(good)), pngs},
		{"png: stream cut", chunk(named(deflated(good)[:100])), pngs},
		{"png: gray", withICC(pngs, grayICC(curvTag(461)), 0), pngs},
		{"png: an sRGB chunk", withPNGChunk(pngs, "sRGB", []byte{0}), pngs},
		{"png: gAMA", withPNGChunk(pngs, "gAMA", []byte{0, 0, 0xb1, 0x8f}), pngs},
	}
	for _, test := range tests {
		for _, v := range []Variant{{Width: 20}, {Width: 20, Color: SRGB}, {Width: 20, Format: PNG}} {
			t.Run(test.name+" "+string(v.Color)+" "+string(v.Format), func(t *testing.T) {
				got, want := render1(t, test.source, v), render1(t, test.plain, v)
				if !bytes.Equal(got.Bytes, want.Bytes) {
					t.Error("output differs from that without a profile")
				}
			})
		}
	}
}

// sourcesOf puts a profile into a picture in every container that can hold one.
func sourcesOf(t testing.TB, img image.Image, profile []byte) map[string][2][]byte {
	webp := webpOf(24, 16, false, func(x, y int) bool { return x > y })
	sources := map[string][2][]byte{"jpeg of few segments": {encoded(t, JPEG, img)}, "webp": {webp}}
	for _, format := range []Format{JPEG, PNG, TIFF} {
		sources[string(format)] = [2][]byte{encoded(t, format, img)}
	}
	for name, pair := range sources {
		longest := 65519
		if name == "jpeg of few segments" {
			longest = 100
		}
		pair[1] = withICC(pair[0], profile, longest)
		sources[name] = pair
	}
	return sources
}

func TestProfileIsCopied(t *testing.T) {
	long := rgbTags(primariesP3, curveSRGB)
	long["desc"] = slices.Concat([]byte("desc\x00\x00\x00\x00"), bytes.Repeat([]byte("0123456789"), 15_000))
	profiles := map[string][]byte{
		"p3": p3ICC(), "adobe": adobeICC(), "tables": lookupICC(), "long": icc("mntr", "RGB ", "XYZ ", long),
	}
	for kind, profile := range profiles {
		for name, pair := range sourcesOf(t, noise(24, 16), profile) {
			if kind == "long" && name == "jpeg of few segments" {
				continue // more than 255
			}
			for _, format := range []Format{JPEG, PNG, WebP} {
				for _, v := range []Variant{{Format: format}, {Format: format, Width: 10}, {Format: format, Width: 9, Height: 9, Fit: Pad}} {
					t.Run(kind+" "+name+" to "+string(format), func(t *testing.T) {
						got, want := render1(t, pair[1], v), render1(t, pair[0], v)
						wantProfile(t, got, profile)
						wantPixels(t, decoded(t, got.Bytes), decoded(t, want.Bytes), 0)
						if again := render1(t, got.Bytes, Variant{Width: 5}); again.Format == format {
							wantProfile(t, again, profile)
						}
					})
				}
			}
		}
	}
}

func TestPlainProfileIsDropped(t *testing.T) {
	for name, pair := range sourcesOf(t, noise(24, 16), rgbICC(primariesSRGB, tableTag(1024, linearSRGB))) {
		for _, v := range []Variant{{Format: JPEG}, {Format: PNG, Color: SRGB}, {Format: GIF, Width: 7}, {Format: WebP}} {
			if got, want := render1(t, pair[1], v), render1(t, pair[0], v); !bytes.Equal(got.Bytes, want.Bytes) {
				t.Errorf("%s to %s differs from that without a profile", name, v.Format)
			}
		}
	}
}

// colours has large fields, so that chroma of half the pixels and JPEG's rounding leave their middles alone.
var colours = [4]color.NRGBA{{200, 60, 50, 255}, {60, 180, 90, 255}, {40, 80, 190, 255}, {128, 128, 128, 255}}

func TestConversionToSRGB(t *testing.T) {
	var want [4]color.NRGBA
	for i, c := range colours {
		want[i] = reference(c, primariesAdobe, linearAdobe)
	}
	for _, orientation := range []int{1, 6} {
		for _, source := range []Format{JPEG, PNG, TIFF} {
			for _, format := range []Format{JPEG, PNG, GIF, WebP} {
				for _, width := range []int{0, 32, 48} {
					t.Run(string(source)+" to "+string(format), func(t *testing.T) {
						file := withICC(encoded(t, source, quadrants(64, 64, colours)), adobeICC(), 65519)
						seen := want
						if orientation == 6 {
							if source == TIFF {
								t.Skip("the orientation of a TIFF is not in an EXIF block")
							}
							file = withEXIF(file, exifBlock(binary.LittleEndian, orientation))
							seen = [4]color.NRGBA{want[2], want[0], want[3], want[1]}
						}
						out := render1(t, file, Variant{Width: width, Format: format, Color: SRGB, Quality: 100})
						wantProfile(t, out, nil)
						if width == 0 {
							width = 64
						}
						tolerance := 2
						if source == JPEG || format == JPEG || format == WebP {
							tolerance = 5
						}
						wantQuarters(t, decoded(t, out.Bytes), quadrants(width, width, seen), tolerance)
					})
				}
			}
		}
	}
}

// GIF holds no profile: colours are converted, not misread.
func TestGIFIsConverted(t *testing.T) {
	file := withICC(encoded(t, PNG, quadrants(32, 32, colours)), adobeICC(), 0)
	keep, convert := render1(t, file, Variant{Format: GIF}), render1(t, file, Variant{Format: GIF, Color: SRGB})
	if !bytes.Equal(keep.Bytes, convert.Bytes) {
		t.Error("a GIF differs between KeepProfile and SRGB")
	}
	wantQuarters(t, decoded(t, keep.Bytes), quadrants(32, 32, [4]color.NRGBA{
		reference(colours[0], primariesAdobe, linearAdobe), reference(colours[1], primariesAdobe, linearAdobe),
		reference(colours[2], primariesAdobe, linearAdobe), reference(colours[3], primariesAdobe, linearAdobe),
	}), 1)
}

func TestLookupProfileIsCopiedForSRGBToo(t *testing.T) {
	for name, pair := range sourcesOf(t, noise(24, 16), lookupICC()) {
		got := render1(t, pair[1], Variant{Color: SRGB, Format: PNG})
		wantProfile(t, got, lookupICC())
		if want := render1(t, pair[0], Variant{Format: PNG}); want.Format == PNG {
			wantPixels(t, decoded(t, got.Bytes), decoded(t, want.Bytes), 0)
		}
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// The background is sRGB: it is laid under after the conversion.
func TestBackgroundIsNotConverted(t *testing.T) {
	img := quadrants(64, 32, [4]color.NRGBA{colours[0], colours[0], colours[0], colours[0]})
	clear := quadrants(64, 32, [4]color.NRGBA{})
	background := color.NRGBA{R: 30, G: 150, B: 220, A: 255}
	for _, source := range []Format{JPEG, PNG} {
		for _, format := range []Format{JPEG, PNG} {
			v := Variant{Width: 64, Height: 64, Fit: Pad, Format: format, Color: SRGB, Background: background, Quality: 100}
			out := decoded(t, render1(t, withICC(encoded(t, source, img), adobeICC(), 65519), v).Bytes)
			inside := reference(colours[0], primariesAdobe, linearAdobe)
			if got := at(out, 30, 5); !near(got, background, 3) {
				t.Errorf("%s to %s: bar is %v, want %v", source, format, got, background)
			}
			if got := at(out, 30, 32); !near(got, inside, 5) {
				t.Errorf("%s to %s: picture is %v, want %v", source, format, got, inside)
			}
		}
	}
	v := Variant{Format: JPEG, Color: SRGB, Background: background, Quality: 100}
	out := decoded(t, render1(t, withICC(encoded(t, PNG, clear), adobeICC(), 0), v).Bytes)
	if got := at(out, 30, 12); !near(got, background, 3) {
		t.Errorf("under nothing lies %v, want %v", got, background)
	}
}

func TestAlphaSurvivesConversion(t *testing.T) {
	half := color.NRGBA{R: 200, G: 60, B: 50, A: 99}
	file := withICC(encoded(t, PNG, quadrants(16, 16, [4]color.NRGBA{half, half, {}, {}})), adobeICC(), 0)
	want := reference(half, primariesAdobe, linearAdobe)
	wantPixels(t, decoded(t, render1(t, file, Variant{Color: SRGB}).Bytes), quadrants(16, 16, [4]color.NRGBA{want, want, {}, {}}), 1)
}

// grayRamp is a gray picture of soft steps.
func grayRamp() *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 64, 32))
	for i := range img.Pix {
		img.Pix[i] = uint8(i % 64 * 4)
	}
	return img
}

func TestGrayProfile(t *testing.T) {
	profile := grayICC(curvTag(461)) // 1.8
	c, _ := parseCurve(curvTag(461))
	converted := grayRamp()
	for i, v := range converted.Pix {
		converted.Pix[i] = uint8(255*srgbEncoded(c[v]) + 0.5)
	}
	for _, source := range []Format{JPEG, PNG, TIFF} {
		file := withICC(encoded(t, source, grayRamp()), profile, 65519)
		for _, format := range []Format{JPEG, PNG} {
			t.Run(string(source)+" to "+string(format), func(t *testing.T) {
				kept := render1(t, file, Variant{Format: format, Quality: 100})
				wantProfile(t, kept, profile)
				wantPixels(t, decoded(t, kept.Bytes), grayRamp(), 2)

				bars := render1(t, file, Variant{Format: format, Width: 32, Height: 32, Fit: Pad})
				wantProfile(t, bars, profile)

				out := render1(t, file, Variant{Format: format, Quality: 100, Color: SRGB})
				wantProfile(t, out, nil)
				wantPixels(t, decoded(t, out.Bytes), converted, 4)
				if _, gray := decoded(t, out.Bytes).(*image.Gray); !gray {
					t.Errorf("output is a %T, want a gray one", decoded(t, out.Bytes))
				}

				// On a coloured background the output is RGB, which no gray profile fits.
				padded := render1(t, file, Variant{Format: format, Width: 64, Height: 64, Fit: Pad, Background: blue, Quality: 100})
				wantProfile(t, padded, nil)
				img := decoded(t, padded.Bytes)
				if bar, inside, want := at(img, 30, 3), at(img, 20, 32), at(converted, 20, 16); !near(bar, blue, 4) || !near(inside, want, 4) {
					t.Errorf("bar is %v and picture %v, want %v and %v", bar, inside, blue, want)
				}
			})
		}
	}
}

// WebP has no gray, so no gray profile fits it.
func TestGrayProfileToWebP(t *testing.T) {
	c, _ := parseCurve(curvTag(461))
	for _, source := range []Format{JPEG, PNG} {
		out := render1(t, withICC(encoded(t, source, grayRamp()), grayICC(curvTag(461)), 65519), Variant{Format: WebP, Quality: 100})
		wantProfile(t, out, nil)
		want := uint8(255*srgbEncoded(c[4*40]) + 0.5)
		if got := at(decoded(t, out.Bytes), 40, 16); !near(got, color.NRGBA{R: want, G: want, B: want, A: 255}, 6) {
			t.Errorf("%s: sample is %v, want %d", source, got, want)
		}
	}
}

func TestGrayAndAlphaWithGrayProfile(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(100 + i%2)
	}
	file := withPNGChunk(encoded(t, PNG, gray), "tRNS", []byte{0, 101}) // level 101 is transparent
	out := render1(t, withICC(file, grayICC(curvTag(461)), 0), Variant{})
	wantProfile(t, out, nil)
	c, _ := parseCurve(curvTag(461))
	want := uint8(255*srgbEncoded(c[100]) + 0.5)
	if got, beside := at(decoded(t, out.Bytes), 0, 0), at(decoded(t, out.Bytes), 1, 0); got.R != want || got.A != 255 || beside.A != 0 {
		t.Errorf("pixels = %v, %v, want gray %d and nothing", got, beside, want)
	}
}

// A picture in RGB that happens to be gray keeps its three channels, and so its profile.
func TestGrayPictureWithRGBProfile(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 64, 32))
	for i, v := range grayRamp().Pix {
		img.SetNRGBA(i%64, i/64, color.NRGBA{R: v, G: v, B: v, A: 255})
	}
	opaque := image.NewRGBA(img.Rect)
	copy(opaque.Pix, img.Pix)
	for _, format := range []Format{JPEG, PNG} {
		out := render1(t, withICC(encoded(t, PNG, opaque), adobeICC(), 0), Variant{Format: format, Width: 32})
		wantProfile(t, out, adobeICC())
		if space := spaceOf(out.Bytes, format); space != spaceRGB {
			t.Errorf("%s has samples of %q, want RGB", format, space)
		}
		if plain := render1(t, encoded(t, PNG, opaque), Variant{Format: format, Width: 32}); spaceOf(plain.Bytes, format) != spaceGray {
			t.Errorf("%s without a profile is not written as gray", format)
		}
	}
}

func TestUnknownColor(t *testing.T) {
	wantCode(t, Variant{Color: "cmyk"}.Validate(), InvalidVariant)
	for _, c := range []Color{"", KeepProfile, SRGB} {
		if err := (Variant{Color: c}).Validate(); err != nil {
			t.Errorf("%q: %v", c, err)
		}
	}
}
