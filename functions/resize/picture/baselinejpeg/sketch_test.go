package baselinejpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"mapfleet/functions/resize/picture/scaledjpeg"
)

// gray stands for a picture without chroma among the ratios.
const gray image.YCbCrSubsampleRatio = -1

var ratios = []image.YCbCrSubsampleRatio{
	gray, image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
}

// blank makes a picture with gaps between rows.
func blank(width, height int, ratio image.YCbCrSubsampleRatio) image.Image {
	room := image.Rect(0, 0, width+3, height+1)
	if ratio == gray {
		return image.NewGray(room).SubImage(image.Rect(0, 0, width, height))
	}
	return image.NewYCbCr(room, ratio).SubImage(image.Rect(0, 0, width, height))
}

// sketch is blank with something drawn in each plane.
func sketch(random *rand.Rand, kind, width, height int, ratio image.YCbCrSubsampleRatio) image.Image {
	m := blank(width, height, ratio)
	for i, p := range planesOf(m) {
		for y := range p.Height {
			drawSamples(random, kind+i, p.Pix[y*p.Stride:][:p.Width])
		}
	}
	return m
}

// smooth is a picture that compresses well, of whole numbers only: the same on every processor.
func smooth(width, height int, ratio image.YCbCrSubsampleRatio) image.Image {
	m := blank(width, height, ratio)
	state := uint32(1)
	for i, p := range planesOf(m) {
		for y := range p.Height {
			for x := range p.Width {
				state = state*1664525 + 1013904223
				v := 128 + 90*((x+7*i)%64-32)/32*((y+11*i)%48-24)/24 + int(state>>29) - 4
				if (x/40+y/24)%3 == i {
					v = 255 - v/3
				}
				p.Pix[y*p.Stride+x] = byte(min(max(v, 0), 255))
			}
		}
	}
	return m
}

func planesOf(m image.Image) []scaledjpeg.Plane {
	var l layout
	if err := l.take(m); err != nil {
		return nil
	}
	planes := make([]scaledjpeg.Plane, len(l.components))
	for i, c := range l.components {
		planes[i] = scaledjpeg.Plane{Pix: c.pix, Stride: c.stride, Width: c.width, Height: c.height}
	}
	return planes
}

// encoded appends the file to something, and returns what came behind that.
func encoded(t testing.TB, e *Encoder, m image.Image, quality int) []byte {
	t.Helper()
	out, err := e.Append([]byte("before"), m, quality)
	if err != nil {
		t.Fatal(err)
	}
	data, ok := bytes.CutPrefix(out, []byte("before"))
	if !ok {
		t.Fatalf("Append kept %q of what it was given", out[:6])
	}
	return data
}

// check decodes a file by two decoders and compares planes with the picture's. It returns the mean squared error of each.
func check(t testing.TB, data []byte, m image.Image) (errors []float64) {
	t.Helper()
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("image/jpeg: %v", err)
	}
	if fmt.Sprintf("%T", decoded) != fmt.Sprintf("%T", m) || decoded.Bounds().Size() != m.Bounds().Size() {
		t.Fatalf("image/jpeg reads a %T of %v, want a %T of %v", decoded, decoded.Bounds(), m, m.Bounds())
	}
	var d scaledjpeg.Decoder
	ours, err := d.Decode(data, 8)
	if err != nil {
		t.Fatalf("scaledjpeg: %v", err)
	}
	defer ours.Release()
	theirs := planesOf(decoded)
	for i, want := range planesOf(m) {
		apart := meanSquare(t, ours.Planes[i], theirs[i])
		if apart > 1 {
			t.Errorf("plane %d: two decoders are apart by %.2f in the mean square", i, apart)
		}
		errors = append(errors, meanSquare(t, theirs[i], want))
	}
	return errors
}

func meanSquare(t testing.TB, a, b scaledjpeg.Plane) float64 {
	t.Helper()
	if a.Width != b.Width || a.Height != b.Height {
		t.Fatalf("planes of %d x %d and %d x %d", a.Width, a.Height, b.Width, b.Height)
	}
	sum := 0
	for y := range a.Height {
		for x := range a.Width {
			d := int(a.Pix[y*a.Stride+x]) - int(b.Pix[y*b.Stride+x])
			sum += d * d
		}
	}
	return float64(sum) / float64(a.Width*a.Height)
}

func psnr(meanSquare float64) float64 { return 10 * math.Log10(255*255/meanSquare) }
