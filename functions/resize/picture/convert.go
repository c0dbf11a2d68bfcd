package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"

	"mapfleet/functions/resize/picture/planar"
)

// The conversions below take pictures that plain has verified.

// clipped lets no sample be above its alpha, in place: a codec may well return such. An opaque picture is as good as NRGBA.
func clipped(m *image.RGBA) image.Image {
	size := m.Rect.Size()
	if opaquePixels(planar.Pixels{Pix: m.Pix, Stride: m.Stride, Width: size.X, Height: size.Y, Channels: 4}) {
		return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
	}
	for y := range size.Y {
		row := m.Pix[y*m.Stride:][:size.X*4]
		for i := 0; i < len(row); i += 4 {
			p := row[i : i+4 : i+4]
			if p[3] != 255 {
				p[0], p[1], p[2] = min(p[0], p[3]), min(p[1], p[3]), min(p[2], p[3])
			}
		}
	}
	return m
}

func fromGray16(m *image.Gray16) *image.Gray {
	out := image.NewGray(m.Rect)
	for y := range m.Rect.Dy() {
		planar.Narrow(out.Pix[y*out.Stride:][:out.Stride], m.Pix[y*m.Stride:])
	}
	return out
}

// narrow rounds 4 x 16-bit pixels, and leaves no gaps between rows.
func narrow(pix []byte, stride int, rect image.Rectangle) []byte {
	row := 4 * rect.Dx()
	out := make([]byte, row*rect.Dy())
	for y := range rect.Dy() {
		planar.Narrow(out[y*row:][:row], pix[y*stride:])
	}
	return out
}

func fromCMYK(m *image.CMYK) *image.NRGBA {
	out := image.NewNRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		from, to := m.Pix[y*m.Stride:], out.Pix[y*out.Stride:][:out.Stride]
		for i := 0; i < len(to); i += 4 {
			to[i], to[i+1], to[i+2] = color.CMYKToRGB(from[i], from[i+1], from[i+2], from[i+3])
			to[i+3] = 255
		}
	}
	return out
}

func opaqueAlpha(m *image.NYCbCrA) bool {
	for y := range m.Rect.Dy() {
		if row := m.A[y*m.AStride:][:m.Rect.Dx()]; bytes.Count(row, []byte{255}) < len(row) {
			return false
		}
	}
	return true
}

func fromNYCbCrA(m *image.NYCbCrA) *image.NRGBA {
	colours := image.NewRGBA(m.Rect)
	draw.Draw(colours, m.Rect, &m.YCbCr, m.Rect.Min, draw.Src) // which is quick for these two
	out := &image.NRGBA{Pix: colours.Pix, Stride: colours.Stride, Rect: m.Rect}
	for y := range m.Rect.Dy() {
		to := out.Pix[y*out.Stride:][:out.Stride]
		for x, a := range m.A[y*m.AStride:][:m.Rect.Dx()] {
			to[4*x+3] = a
		}
	}
	return out
}
