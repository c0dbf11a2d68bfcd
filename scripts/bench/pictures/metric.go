package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // for image.Decode
	_ "image/png"  // for image.Decode
	"math"

	"golang.org/x/image/webp"
)

// luma is a picture's brightness, 0 to 255, row by row.
type luma struct {
	width, height int
	pix           []float64
}

// decodeLuma decodes a picture with the standard library or golang.org/x/image and takes its Y: a JPEG's own, or JFIF's of RGB.
func decodeLuma(data []byte) (luma, error) {
	img, err := decode(data)
	if err != nil {
		return luma{}, err
	}
	b := img.Bounds()
	l := luma{b.Dx(), b.Dy(), make([]float64, b.Dx()*b.Dy())}
	at := func(x, y int) uint8 { return color.YCbCrModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.YCbCr).Y }
	switch img := img.(type) {
	case *image.YCbCr:
		at = func(x, y int) uint8 { return img.Y[y*img.YStride+x] }
	case *image.Gray:
		at = func(x, y int) uint8 { return img.Pix[y*img.Stride+x] }
	}
	for y := range l.height {
		for x := range l.width {
			l.pix[y*l.width+x] = float64(at(x, y))
		}
	}
	if isWebP(data) { // its Y is of the studio range
		for i, v := range l.pix {
			l.pix[i] = min(max((v-16)*255/219, 0), 255)
		}
	}
	return l, nil
}

// decode is what most Go programs do. Of the two decoders of WebP in this one it takes that of golang.org/x/image.
func decode(data []byte) (image.Image, error) {
	if isWebP(data) {
		return webp.Decode(bytes.NewReader(data))
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	return img, err
}

func isWebP(data []byte) bool { return bytes.HasPrefix(data, []byte("RIFF")) }

// psnr is the peak signal-to-noise ratio of a against b in dB: 10 log10(255² / mean squared error);
// infinite for equal pictures.
// https://en.wikipedia.org/wiki/Peak_signal-to-noise_ratio
func psnr(a, b luma) (float64, error) {
	if a.width != b.width || a.height != b.height {
		return 0, fmt.Errorf("compare %dx%d with %dx%d", a.width, a.height, b.width, b.height)
	}
	sum := 0.0
	for i, v := range a.pix {
		d := v - b.pix[i]
		sum += d * d
	}
	return 10 * math.Log10(255*255*float64(len(a.pix))/sum), nil
}

// scaled resamples l by the Lanczos kernel of three lobes, widened for shrinking, in floating point:
// what a resizer without rounding or shortcuts would make.
func (l luma) scaled(width, height int) luma {
	across := luma{width, l.height, make([]float64, width*l.height)}
	for x, taps := range lanczos(l.width, width) {
		for y := range l.height {
			across.pix[y*width+x] = taps.apply(l.pix[y*l.width:], 1)
		}
	}
	out := luma{width, height, make([]float64, width*height)}
	for y, taps := range lanczos(l.height, height) {
		for x := range width {
			out.pix[y*width+x] = taps.apply(across.pix[x:], width)
		}
	}
	return out
}

// taps are the weights of the source samples from first on.
type taps struct {
	first   int
	weights []float64
}

func (t taps) apply(samples []float64, stride int) float64 {
	sum := 0.0
	for i, w := range t.weights {
		sum += w * samples[(t.first+i)*stride]
	}
	return sum
}

func lanczos(from, to int) []taps {
	scale := float64(from) / float64(to)
	wide := max(scale, 1)
	all := make([]taps, to)
	for i := range all {
		centre := (float64(i)+0.5)*scale - 0.5
		first := max(0, int(math.Ceil(centre-3*wide)))
		last := min(from-1, int(math.Floor(centre+3*wide)))
		t := taps{first: first}
		sum := 0.0
		for j := first; j <= last; j++ {
			w := kernel((float64(j) - centre) / wide)
			t.weights = append(t.weights, w)
			sum += w
		}
		for j := range t.weights {
			t.weights[j] /= sum
		}
		all[i] = t
	}
	return all
}

func kernel(x float64) float64 {
	if x = math.Abs(x); x < 1e-9 {
		return 1
	}
	if x >= 3 {
		return 0
	}
	return 3 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/3) / (math.Pi * math.Pi * x * x)
}
