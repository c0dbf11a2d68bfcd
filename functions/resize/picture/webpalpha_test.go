package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"golang.org/x/image/webp"
)

// translucent is a lossy WebP with a chunk of alpha of those flags.
func translucent(t testing.TB, img *image.NRGBA, flags byte, samples []byte) []byte {
	t.Helper()
	frame, _, ok := lossyFrame(webpFile(t, img, false))
	if !ok {
		t.Fatal("no frame")
	}
	header := binary.LittleEndian.AppendUint32([]byte{1 << 4, 0, 0, 0}, uint32(img.Rect.Dx()-1))[:7]
	header = binary.LittleEndian.AppendUint32(header, uint32(img.Rect.Dy()-1))[:10]
	body := slices.Concat([]byte("WEBP"), appendRIFF(nil, "VP8X", header),
		appendRIFF(nil, "ALPH", append([]byte{flags}, samples...)), appendRIFF(nil, "VP8 ", frame))
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Pixels with alpha are those of the general decoder, for every filter and coding of alpha.
func TestTranslucentWebPIsThatOfTheGeneralDecoder(t *testing.T) {
	const width, height = 61, 43
	img := soft(width, height)
	ramp := make([]byte, width*height)
	for i := range ramp {
		ramp[i] = byte(i * i >> 5)
	}
	clear := soft(120, 81)
	for i := range 120 * 81 {
		clear.Pix[4*i+3] = uint8(i % 120 * 2)
	}
	opaque := bytes.Repeat([]byte{255}, width*height)
	for name, source := range map[string][]byte{
		"stored": translucent(t, img, 0, ramp), "by the left": translucent(t, img, 1<<2, ramp), "by what is above": translucent(t, img, 2<<2, ramp),
		"by gradient": translucent(t, img, 3<<2, ramp), "opaque": translucent(t, img, 0, opaque), "lossless": webpFile(t, clear, false),
		"with more than there are": translucent(t, img, 0, append(ramp, 1, 2, 3)),
	} {
		t.Run(name, func(t *testing.T) {
			info, err := Inspect(source, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, ok := decodeTranslucent(source, info)
			if !ok {
				t.Fatal("is left to the general decoder")
			}
			want, err := webp.Decode(bytes.NewReader(source))
			if err != nil {
				t.Fatal(err)
			}
			fullRange(want)
			if want, err = plain(want, want.Bounds()); err != nil {
				t.Fatal(err)
			}
			wantPixels(t, got, want, 0)
			if _, planes := want.(*image.YCbCr); planes != (name == "opaque") {
				t.Errorf("the general decoder gives a %T", want)
			}
		})
	}
}

// What is wrong is for the general decoder to say.
func TestTranslucentWebPRefused(t *testing.T) {
	img := soft(20, 10)
	good := translucent(t, img, 0, make([]byte, 200))
	for name, source := range map[string][]byte{
		"too few samples":    translucent(t, img, 0, make([]byte, 199)),
		"no samples":         translucent(t, img, 0, nil),
		"unknown coding":     translucent(t, img, 2, make([]byte, 200)),
		"noise for lossless": translucent(t, img, 1, []byte{1, 2, 3, 4, 5, 6, 7, 8}),
		"cut":                good[:len(good)-10],
	} {
		if _, ok := decodeTranslucent(source, Info{Format: WebP, Width: 20, Height: 10, Orientation: 1}); ok {
			t.Errorf("%s: decoded", name)
		}
		_, err := Render(t.Context(), source, []Variant{{Width: 8}}, Limits{})
		if err == nil {
			t.Errorf("%s: rendered", name)
			continue
		}
		wantCode(t, err, DecodeFailed)
	}
}
