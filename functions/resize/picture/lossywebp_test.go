package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"runtime"
	"testing"
)

// The quick road gives the bytes of the general one, for every way to cut, scale and turn.
func TestLossyWebPIsThatOfTheGeneralDecoder(t *testing.T) {
	variants := []Variant{
		{}, {Format: JPEG, Width: 90}, {Format: PNG, Width: 41, Height: 200, Fit: Fill}, {Format: JPEG, Width: 64, Height: 64, Fit: Cover},
		{Format: WebP, Width: 100, Height: 100, Fit: Pad}, {Format: GIF, Width: 30}, {Format: JPEG, Width: 400, Upscale: true},
		{Format: JPEG, Width: 50, Color: SRGB},
	}
	for name, source := range map[string][]byte{
		"plain":   webpFile(t, soft(301, 203), false),
		"even":    webpFile(t, noise(160, 96), false),
		"thin":    webpFile(t, soft(1, 70), false),
		"turned":  withEXIF(webpFile(t, soft(120, 81), false), exifBlock(binary.LittleEndian, 6)),
		"profile": embedWebP(webpFile(t, soft(77, 90), false), p3ICC(), exifBlock(binary.BigEndian, 3), image.Pt(77, 90)),
	} {
		t.Run(name, func(t *testing.T) {
			limits := Limits{}.withDefaults()
			info, err := Inspect(source, limits)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok, err := decodeLossy(source, info); !ok || err != nil {
				t.Fatalf("the quick road: %v, %v", ok, err)
			}
			result, err := Render(t.Context(), source, variants, limits)
			if err != nil {
				t.Fatal(err)
			}
			img, err := decode(source, info)
			if err != nil {
				t.Fatal(err)
			}
			general := drawingOf(img, info, false)
			meta := readMetadata(source, info.Format, variants)
			for i, v := range variants {
				plan, format := newPlan(image.Pt(info.Width, info.Height), v), v.format(info.Format)
				want, err := render(t.Context(), general, plan, v, format, meta.treat(v, plan, format, true))
				if err != nil || want.Err != nil || result.Outputs[i].Err != nil {
					t.Fatalf("variant %d: %v, %v, %v", i, err, want.Err, result.Outputs[i].Err)
				}
				if !bytes.Equal(result.Outputs[i].Bytes, want.Bytes) {
					t.Errorf("variant %d differs", i)
				}
			}
		})
	}
}

func TestLossyFrame(t *testing.T) {
	plain := webpFile(t, soft(20, 10), false)
	frame := plain[20:]
	clear := soft(20, 10)
	clear.Pix[3] = 0
	short := bytes.Clone(plain)
	binary.LittleEndian.PutUint32(short[4:], uint32(len(plain)-8-2))
	beyond := bytes.Clone(plain)
	binary.LittleEndian.PutUint32(beyond[4:], uint32(len(plain)-8+1000))
	extended := func(flags byte) []byte { return appendRIFF(nil, "VP8X", []byte{flags, 0, 0, 0, 19, 0, 0, 9, 0, 0}) }
	file := func(chunks ...[]byte) []byte {
		body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	}
	pixels := appendRIFF(nil, "VP8 ", frame)
	for _, test := range []struct {
		name string
		file []byte
		ok   bool
	}{
		{"pixels alone", plain, true},
		{"behind a profile", embedWebP(plain, p3ICC(), nil, image.Pt(20, 10)), true},
		{"behind a chunk of odd length", file(extended(0), appendRIFF(nil, "odd ", []byte{1}), pixels), true},
		{"with a size beyond the end of the file", beyond, true},
		{"with alpha", webpFile(t, clear, false), true},
		{"that promise alpha", file(extended(webpHasProfile|1<<4), pixels), false},
		{"with alpha that was not promised", file(extended(0), appendRIFF(nil, "ALPH", []byte{0}), pixels), false},
		{"without loss", webpFile(t, soft(20, 10), true), false},
		{"behind others", file(appendRIFF(nil, "VP8L", []byte{0}), pixels), false},
		{"cut", plain[:len(plain)-3], false},
		{"beyond the size of the file", short, false},
		{"an empty extended header", file(appendRIFF(nil, "VP8X", nil), pixels), false},
		{"only a header", plain[:12], false},
		{"less", plain[:11], false},
	} {
		got, alpha, ok := lossyFrame(test.file)
		if ok != test.ok || ok && (alpha != nil) != (test.name == "with alpha") {
			t.Errorf("lossyFrame of pixels %s: %d bytes and %d of alpha, %v, want %v", test.name, len(got), len(alpha), ok, test.ok)
		}
		if ok && alpha == nil && !bytes.Equal(bytes.TrimRight(got, "\x00"), bytes.TrimRight(frame, "\x00")) {
			t.Errorf("lossyFrame of pixels %s: other bytes", test.name)
		}
	}
}

// A frame that is larger than its container says is refused before there is memory for it.
func TestLossyWebPOfTwoSizes(t *testing.T) {
	source := embedWebP(webpFile(t, soft(20, 10), false), p3ICC(), nil, image.Pt(20, 10))
	frame, _, ok := lossyFrame(source)
	if !ok {
		t.Fatal("no frame")
	}
	copy(frame[6:], []byte{0xff, 0x3f, 0xff, 0x3f})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Render(t.Context(), source, []Variant{{Width: 8}}, Limits{})
	runtime.ReadMemStats(&after)
	wantCode(t, err, DecodeFailed)
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 1<<20 {
		t.Errorf("refusing allocated %d bytes", spent)
	}
}

// Pixels that are cut short within a sound container are an error, never half a picture.
func TestLossyWebPCutInItsPixels(t *testing.T) {
	frame, _, _ := lossyFrame(webpFile(t, noise(64, 48), false))
	for _, n := range []int{len(frame) * 9 / 10, len(frame) / 2, 200, 12, 3} {
		chunk := appendRIFF([]byte("WEBP"), "VP8 ", frame[:n])
		file := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunk))), chunk...)
		_, err := Render(t.Context(), file, []Variant{{Width: 8}}, Limits{})
		wantCode(t, err, DecodeFailed)
	}
}
