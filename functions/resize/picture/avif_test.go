package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	library "github.com/gen2brain/avif"

	"mapfleet/functions/resize/picture/avif"
)

// renderAVIF makes one output by the real encoder.
func renderAVIF(t testing.TB, source []byte, v Variant) image.Image {
	t.Helper()
	v.Format, v.AVIF = AVIF, avif.Encoder{}
	out := render1(t, source, v)
	if out.Format != AVIF || out.ContentType != "image/avif" || !bytes.HasPrefix(out.Bytes[4:], []byte("ftypavif")) {
		t.Errorf("format %q, content type %q, begins with %.16q", out.Format, out.ContentType, out.Bytes)
	}
	if again := render1(t, source, v); !bytes.Equal(again.Bytes, out.Bytes) {
		t.Errorf("made again it has other bytes: %d, before %d", len(again.Bytes), len(out.Bytes))
	}
	img, err := library.Decode(bytes.NewReader(out.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(out.Width, out.Height) {
		t.Errorf("it has %v pixels, and says %d x %d", got, out.Width, out.Height)
	}
	return convertedTo(image.NewNRGBA(img.Bounds()), img)
}

// As AVIF a picture is what it is as PNG: of every source, with alpha, turned, in bars, gray, and in sRGB.
func TestAVIF(t *testing.T) {
	photo := soft(120, 80)
	clear := soft(120, 80)
	for y := range 80 {
		for x := range 120 {
			clear.Pix[clear.PixOffset(x, y)+3] = uint8(255 * x / 119)
		}
	}
	for _, c := range []struct {
		name   string
		source []byte
		v      Variant
	}{
		{"a JPEG", encoded(t, JPEG, photo), Variant{Width: 60}},
		{"a PNG with alpha", encoded(t, PNG, clear), Variant{Width: 60}},
		{"one that is turned", withEXIF(encoded(t, JPEG, photo), exifBlock(binary.LittleEndian, 6)), Variant{Width: 40}},
		{"bars", encoded(t, JPEG, photo), Variant{Width: 64, Height: 64, Fit: Pad, Background: color.NRGBA{R: 20, G: 90, B: 200, A: 255}}},
		{"gray", encoded(t, JPEG, grayRamp()), Variant{}},
		{"of a profile", withICC(encoded(t, JPEG, photo), p3ICC(), 65_000), Variant{Width: 60, Color: SRGB}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := c.v
			v.Format = PNG
			want := decoded(t, render1(t, c.source, v).Bytes)
			c.v.Quality = 95
			got := renderAVIF(t, c.source, c.v)
			if most, mean := differences(over1(got, 255), over1(want, 255)); mean > 3.5 {
				t.Errorf("it differs by %.2f levels on average, by %d at most", mean, most)
			}
			if _, _, _, alpha := got.At(got.Bounds().Min.X, 0).RGBA(); (alpha < 0x2000) != (c.name == "a PNG with alpha") {
				t.Errorf("alpha of the first pixel is %#x", alpha)
			}
		})
	}
}

// A profile is converted also where it would be kept: the file has none.
func TestAVIF_has_no_profile(t *testing.T) {
	source := withICC(encoded(t, PNG, soft(60, 40)), p3ICC(), 65_000)
	kept, converted := renderAVIF(t, source, Variant{Color: KeepProfile, KeepEXIF: true}), renderAVIF(t, source, Variant{Color: SRGB})
	if most, _ := differences(kept, converted); most != 0 {
		t.Errorf("colours differ by %d where the profile is kept", most)
	}
}

// fakeEncoder writes nothing, and takes a byte a pixel.
type fakeEncoder struct {
	err   error
	panic string
}

func (f fakeEncoder) Encode(image.Image, int) ([]byte, error) {
	if f.panic != "" {
		panic(f.panic)
	}
	return []byte("avif"), f.err
}

func (f fakeEncoder) MemoryBytes(pixels int64) int64 { return pixels }

// What cannot be written is refused by its name, before it is tried, and leaves the other outputs alone.
func TestAVIF_refused(t *testing.T) {
	source := encoded(t, PNG, soft(100, 100))
	info, err := Inspect(source, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code, says string
		v                Variant
		limits           Limits
	}{
		{"without an encoder", InvalidVariant, "cannot write format avif: this program has no encoder", Variant{}, Limits{}},
		{"more memory than there is", TooMuchMemory, "encode avif: 100 x 100 takes", Variant{AVIF: fakeEncoder{}}, Limits{MaxMemory: info.MemoryBytes + 9_999}},
		{"more pixels than are written", TooManyPixels, "3001 x 3001 is more than 9000000 pixels", Variant{Width: 3001, Upscale: true, AVIF: fakeEncoder{}}, Limits{}},
		{"a longer side than is written", TooManyPixels, "16385 x 1 is longer than 16384", Variant{Width: 16_385, Height: 1, Fit: Fill, Upscale: true, AVIF: fakeEncoder{}}, Limits{}},
		{"a fault of the encoder", EncodeFailed, "encode avif: out of order", Variant{AVIF: fakeEncoder{err: errors.New("out of order")}}, Limits{}},
		{"a panic in the encoder", EncodeFailed, "encode avif: ", Variant{AVIF: fakeEncoder{panic: "unreachable"}}, Limits{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.v.Format = AVIF
			result, err := Render(t.Context(), source, []Variant{c.v, {Width: 10, Format: JPEG}}, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			wantCode(t, result.Outputs[0].Err, c.code)
			if got := result.Outputs[0].Err.Error(); !strings.Contains(got, c.says) {
				t.Errorf("it says %q, want %q in it", got, c.says)
			}
			if result.Outputs[1].Err != nil || len(result.Outputs[1].Bytes) == 0 {
				t.Errorf("the JPEG beside it: %v", result.Outputs[1].Err)
			}
		})
	}
	result, err := Render(t.Context(), source, []Variant{{Format: AVIF, AVIF: fakeEncoder{}}}, Limits{MaxMemory: info.MemoryBytes + 10_000})
	if err != nil || result.Outputs[0].Err != nil {
		t.Errorf("with just enough memory: %v, %v", err, result.Outputs[0].Err)
	}
}
