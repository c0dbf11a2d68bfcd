package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/color"
	"slices"
	"testing"
)

// withAdobe gives a JPEG Adobe's segment with that transform: 0 for RGB and CMYK, 1 for YCbCr, 2 for YCCK.
func withAdobe(file []byte, transform byte) []byte {
	return withSegments(withoutAdobe(file), append([]byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"), transform))
}

func withoutAdobe(file []byte) []byte {
	return bytes.Replace(file, []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"), nil, 1)
}

// mcuJPEG is flatJPEG with chroma of half the pixels: 16 x 16, in which the first, and of four components the last, has four blocks.
func mcuJPEG(samples ...byte) []byte {
	file := flatJPEG(0xc0, samples...)
	frame := bytes.Index(file, []byte{0xff, 0xc0})
	head := bytes.Clone(file[:bytes.Index(file, []byte{0xff, 0xda})])
	head[frame+6], head[frame+8] = 16, 16
	head[frame+11] = 0x22
	if len(samples) == 4 {
		head[frame+11+9] = 0x22
	}
	start := bytes.Index(file, []byte{0xff, 0xda})
	length := int(binary.BigEndian.Uint16(file[start+2:])) + 2
	out := append(head, file[start:start+length]...)
	var scan, bits = uint64(0), 0
	put := func(value uint64, n int) {
		scan, bits = scan<<n|value, bits+n
		for bits >= 8 {
			b := byte(scan >> (bits - 8))
			bits -= 8
			out = append(out, b)
			if b == 0xff {
				out = append(out, 0)
			}
		}
	}
	for i, s := range samples {
		diff, size := int(s)-128, 0
		for magnitude := max(diff, -diff); magnitude>>size > 0; size++ {
		}
		if diff < 0 {
			diff += 1<<size - 1
		}
		put(uint64(size), 4)
		put(uint64(diff), size)
		put(0, 1)
		if i == 0 || i == 3 {
			for range 3 { // no difference, end of block
				put(0, 5)
			}
		}
	}
	put(0x7f, 7)
	return append(out, 0xff, 0xd9)
}

// ycc is what becomes of a colour in YCbCr.
func ycc(r, g, b uint8) (y, cb, cr uint8) { return color.RGBToYCbCr(r, g, b) }

func TestInkJPEG(t *testing.T) {
	for _, test := range []struct {
		c, m, y, k uint8 // ink, as much as 255
		want       color.NRGBA
	}{
		{0, 0, 0, 0, white},
		{0, 0, 0, 255, color.NRGBA{A: 255}},
		{255, 0, 0, 0, color.NRGBA{G: 255, B: 255, A: 255}},
		{0, 255, 255, 0, red},
		{0, 0, 0, 100, color.NRGBA{R: 155, G: 155, B: 155, A: 255}},
		{40, 80, 120, 60, color.NRGBA{R: 164, G: 134, B: 103, A: 255}}, // (255 - ink) * (255 - 60) / 255
	} {
		stored := []byte{255 - test.c, 255 - test.m, 255 - test.y, 255 - test.k}
		y, cb, cr := ycc(test.c, test.m, test.y) // ink as if it were light, and black the other way around: so Adobe has it
		for name, make := range map[string]func(...byte) []byte{
			"one block": func(s ...byte) []byte { return flatJPEG(0xc0, s...) },
			"halved":    mcuJPEG,
		} {
			files := map[string][]byte{
				"cmyk":               withAdobe(make(stored...), 0),
				"cmyk without adobe": withoutAdobe(make(stored...)),
				"ycck":               withAdobe(make(y, cb, cr, stored[3]), 2),
			}
			for kind, file := range files {
				t.Run(fmt.Sprintf("%s %s %v", kind, name, stored), func(t *testing.T) {
					out := render1(t, file, Variant{Width: 4, Format: PNG})
					wantPixels(t, decoded(t, out.Bytes), quadrants(4, 4, [4]color.NRGBA{test.want, test.want, test.want, test.want}), 3)
				})
			}
		}
	}
}

func TestRGBAndYCbCrJPEG(t *testing.T) {
	want := color.NRGBA{R: 200, G: 60, B: 50, A: 255}
	y, cb, cr := ycc(want.R, want.G, want.B)
	named := func(file []byte) []byte { // components named R, G and B
		frame := bytes.Index(file, []byte{0xff, 0xc0}) + 10
		scan := bytes.Index(file, []byte{0xff, 0xda}) + 5
		for i, name := range []byte("RGB") {
			file[frame+3*i], file[scan+2*i] = name, name
		}
		return file
	}
	jfif := []byte("\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
	files := map[string][]byte{
		"adobe says rgb":            withAdobe(flatJPEG(0xc0, want.R, want.G, want.B), 0),
		"names say rgb":             named(flatJPEG(0xc0, want.R, want.G, want.B)),
		"adobe says ycbcr":          withAdobe(flatJPEG(0xc0, y, cb, cr), 1),
		"nothing says ycbcr":        flatJPEG(0xc0, y, cb, cr),
		"jfif says ycbcr":           withSegments(flatJPEG(0xc0, y, cb, cr), jfif),
		"halved, adobe says ycbcr":  withAdobe(mcuJPEG(y, cb, cr), 1),
		"halved, nothing is said":   mcuJPEG(y, cb, cr),
		"progressive, adobe: ycbcr": withAdobe(flatJPEG(0xc2, y, cb, cr), 1),
	}
	for name, file := range files {
		for _, format := range []Format{JPEG, PNG} {
			t.Run(name+" to "+string(format), func(t *testing.T) {
				out := render1(t, file, Variant{Width: 4, Format: format, Quality: 100})
				wantPixels(t, decoded(t, out.Bytes), quadrants(4, 4, [4]color.NRGBA{want, want, want, want}), 3)
			})
		}
	}
}

// RGB after it was CMYK, so the profile does not fit: not under KeepProfile, and not for conversion.
func TestInkProfileIsDropped(t *testing.T) {
	raw := icc("prtr", "CMYK", "Lab ", map[string][]byte{"A2B0": []byte("mft2\x00\x00\x00\x00")})
	file := flatJPEG(0xc0, 255, 0, 0, 255)
	for _, v := range []Variant{{}, {Color: SRGB}, {Format: PNG}} {
		out := render1(t, withICC(file, raw, 100), v)
		wantProfile(t, out, nil)
		if want := render1(t, file, v); !bytes.Equal(out.Bytes, want.Bytes) {
			t.Error("output differs from that without a profile")
		}
	}
	rgb := withAdobe(flatJPEG(0xc0, 200, 60, 50), 0) // RGB as stored is as good as YCbCr
	wantProfile(t, render1(t, withICC(rgb, p3ICC(), 65519), Variant{}), p3ICC())
}

func TestInkedLeavesOthersAlone(t *testing.T) {
	for _, file := range [][]byte{flatJPEG(0xc0, 1), flatJPEG(0xc0, 1, 2, 3), flatJPEG(0xc0, 1, 2, 3, 4), encoded(t, JPEG, noise(8, 8))} {
		if got := inked(file, JPEG); &got[0] != &file[0] {
			t.Error("file was copied")
		}
	}
	bare := withoutAdobe(flatJPEG(0xc0, 1, 2, 3, 4))
	if got := inked(bare, JPEG); !slices.Equal(got, flatJPEG(0xc0, 1, 2, 3, 4)) {
		t.Error("a file of four components got no Adobe segment")
	}
}
