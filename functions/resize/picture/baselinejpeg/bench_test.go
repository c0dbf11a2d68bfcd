package baselinejpeg

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"testing"
)

// BenchmarkAppend is of made-up pictures, beside the standard library, whose Huffman tables are not of the picture.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []image.Point{{256, 192}, {1024, 768}} {
		m := smooth(size.X, size.Y, image.YCbCrSubsampleRatio420)
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			var e Encoder
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Append(nil, m, 85); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("%dx%d-stdlib", size.X, size.Y), func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFromRGB(b *testing.B) {
	m := image.NewNRGBA(image.Rect(0, 0, 256, 192))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i >> 3)
	}
	for b.Loop() {
		FromRGB(m)
	}
}

func ExampleEncoder_Append() {
	var encoder Encoder
	planes := image.NewYCbCr(image.Rect(0, 0, 30, 20), image.YCbCrSubsampleRatio420)
	file, err := encoder.Append(nil, planes, 85)
	if err != nil {
		fmt.Println(err)
		return
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(file))
	fmt.Println(config.Width, config.Height, err)
	// Output: 30 20 <nil>
}
