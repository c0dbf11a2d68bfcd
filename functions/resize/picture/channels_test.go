package picture

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"
)

// byPlanes is what the package draws, before it is encoded.
func byPlanes(t *testing.T, source []byte, v Variant, format Format) image.Image {
	t.Helper()
	info, err := Inspect(source, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	p := newPlan(image.Pt(info.Width, info.Height), v)
	d, err := open(source, info, []plan{p}, []Variant{v}, Limits{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	defer d.release()
	img, err := d.draw(p, v, format, nil)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// convertedTo draws img onto another layout, for the encoder to write.
func convertedTo(to draw.Image, img image.Image) image.Image {
	draw.Draw(to, to.Bounds(), img, img.Bounds().Min, draw.Src)
	return to
}

// Planes give what pixels give, as they look over black and over white. The differences are imaging's: it rounds and clips after
// either direction, which shows at hard edges, and most where alpha has them.
func TestPNGAsByImaging(t *testing.T) {
	opaque := noise(61, 40)
	soft := image.NewNRGBA(opaque.Rect)
	for i := 0; i < len(soft.Pix); i += 4 {
		x, y := i/4%61, i/4/61
		copy(soft.Pix[i:], []byte{opaque.Pix[i], opaque.Pix[i+1], opaque.Pix[i+2], byte(min(255, x*y/4))})
	}
	rect := opaque.Rect
	few := image.NewPaletted(rect, color.Palette{red, green, color.NRGBA{B: 255, A: 90}, color.NRGBA{}})
	for i := range few.Pix {
		few.Pix[i] = byte(i / 7 % 4)
	}
	hard := encoded(t, PNG, few)
	tests := map[string]struct {
		source []byte
		most   int
		mean   float64
	}{
		"rgb":     {encoded(t, PNG, opaque), 6, 1.5},
		"gray":    {encoded(t, PNG, convertedTo(image.NewGray(rect), opaque)), 6, 1.5},
		"alpha":   {encoded(t, PNG, soft), 6, 1.5},
		"16 bit":  {encoded(t, PNG, convertedTo(image.NewNRGBA64(rect), soft)), 6, 1.5},
		"palette": {hard, 64, 6},
	}
	for name, test := range tests {
		for o := 1; o <= 8; o++ {
			source := withEXIF(test.source, exifBlock(binary.LittleEndian, o))
			for _, fit := range []Fit{Inside, Cover, Fill, Pad, Outside} {
				for _, size := range []image.Point{{20, 30}, {33, 7}, {90, 80}, {61, 40}, {40, 61}} {
					for _, format := range []Format{JPEG, PNG} {
						t.Run(fmt.Sprintf("%s %d %s %v %s", name, o, fit, size, format), func(t *testing.T) {
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

// over1 lays a picture over black or white.
func over1(img image.Image, under uint8) image.Image {
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Rect, image.NewUniform(color.Gray{Y: under}), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

// A variant that keeps the pixels beside one that scales them: both are what they are alone.
func TestKeptAndScaledTogether(t *testing.T) {
	img := quadrants(64, 32, [4]color.NRGBA{{R: 200, G: 100, B: 50, A: 9}, {R: 255, A: 128}, {}, {R: 7, G: 77, B: 177, A: 255}})
	source := encoded(t, PNG, img)
	variants := []Variant{{Width: 20}, {}, {Width: 31, Height: 9, Fit: Cover}}
	result, err := Render(t.Context(), source, variants, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	wantPixels(t, decoded(t, result.Outputs[1].Bytes), img, 0)
	for i, v := range variants {
		if alone := render1(t, source, v); string(alone.Bytes) != string(result.Outputs[i].Bytes) {
			t.Errorf("variant %d differs from itself alone", i)
		}
	}
}

// differences says by how much samples of two opaque pictures differ.
func differences(a, b image.Image) (most int, mean float64) {
	p, q := a.(*image.NRGBA).Pix, b.(*image.NRGBA).Pix
	if len(p) != len(q) {
		return 255, 255
	}
	sum := 0
	for i := range p {
		d := int(max(p[i], q[i]) - min(p[i], q[i]))
		most, sum = max(most, d), sum+d
	}
	return most, float64(sum) / float64(len(p)) * 4 / 3 // alpha never differs
}
