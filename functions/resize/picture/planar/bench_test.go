package planar

import (
	"fmt"
	"image"
	"testing"

	"github.com/disintegration/imaging"
)

var benchSizes = []struct{ from, to image.Point }{
	{image.Pt(500, 375), image.Pt(256, 192)},
	{image.Pt(1500, 1125), image.Pt(1024, 768)},
	{image.Pt(2000, 1500), image.Pt(1024, 768)},
	{image.Pt(250, 188), image.Pt(128, 96)},
}

func BenchmarkResize(b *testing.B) {
	for _, size := range benchSizes {
		src, dst := filled(size.from.X, size.from.Y, patterns(1)[0]), New(size.to.X, size.to.Y)
		b.Run(fmt.Sprintf("%dx%d", size.from.X, size.to.X), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Resize(dst, src, Whole(src), Lanczos3); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkResizeScalar is what processors without vectors do.
func BenchmarkResizeScalar(b *testing.B) {
	for _, size := range benchSizes {
		src, dst := filled(size.from.X, size.from.Y, patterns(1)[0]), New(size.to.X, size.to.Y)
		b.Run(fmt.Sprintf("%dx%d", size.from.X, size.to.X), func(b *testing.B) {
			down := newKernel(direction{size: src.Height, outputs: dst.Height, extent: float64(src.Height)})
			across := newKernel(direction{across: true, size: src.Width, outputs: dst.Width, extent: float64(src.Width)})
			row := make([]int16, src.Width+across.pitch)
			b.ReportAllocs()
			for b.Loop() {
				for y := range dst.Height {
					coefs := down.coefs[y*down.pitch:][:down.pitch]
					columnsScalar(row[:src.Width], src.Pix[down.first[y]*src.Stride:], src.Stride, coefs, down.taps[y], down.bits)
					rowsScalar(dst.Row(y), row, across)
				}
			}
		})
	}
}

// BenchmarkImaging is the library that a plane of ours is compared with, on image.Gray; it makes NRGBA.
func BenchmarkImaging(b *testing.B) {
	for _, size := range benchSizes {
		src := filled(size.from.X, size.from.Y, patterns(1)[0])
		gray := &image.Gray{Pix: src.Pix, Stride: src.Stride, Rect: image.Rectangle{Max: size.from}}
		b.Run(fmt.Sprintf("%dx%d", size.from.X, size.to.X), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				imaging.Resize(gray, size.to.X, size.to.Y, imaging.Lanczos)
			}
		})
	}
}

// BenchmarkKernel is what a size not seen before costs on top.
func BenchmarkKernel(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(fmt.Sprintf("%dx%d", size.from.X, size.to.X), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				newKernel(direction{across: true, size: size.from.X, outputs: size.to.X, extent: float64(size.from.X)})
			}
		})
	}
}

func BenchmarkOrient(b *testing.B) {
	src := filled(1024, 768, patterns(1)[0])
	for _, orientation := range []int{2, 3, 4, 5, 6} {
		b.Run(fmt.Sprint(orientation), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Orient(src, orientation)
			}
		})
	}
}
