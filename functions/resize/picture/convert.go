package picture

import (
	"image"
	"image/color"
)

// The conversions below take pictures that plain has verified.

// fromRGBA takes the premultiplication out, in place. Samples above their alpha, which a codec may well return, are clipped.
func fromRGBA(m *image.RGBA) *image.NRGBA {
	if !m.Opaque() {
		for y := range m.Rect.Dy() {
			row := m.Pix[y*m.Stride:][:m.Rect.Dx()*4]
			for i := 0; i < len(row); i += 4 {
				p := row[i : i+4 : i+4]
				p[0], p[1], p[2] = divide(p[0], p[3]), divide(p[1], p[3]), divide(p[2], p[3])
			}
		}
	}
	return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

func divide(sample, alpha uint8) uint8 {
	if alpha == 0 {
		return 0
	}
	return uint8(min(255, (uint32(sample)*255+uint32(alpha)/2)/uint32(alpha)))
}

func fromGray16(m *image.Gray16) *image.Gray {
	out := image.NewGray(m.Rect)
	for y := range m.Rect.Dy() {
		from, to := m.Pix[y*m.Stride:], out.Pix[y*out.Stride:][:out.Stride]
		for x := range to {
			to[x] = from[2*x]
		}
	}
	return out
}

func fromNRGBA64(m *image.NRGBA64) *image.NRGBA {
	return upperHalf(m.Pix, m.Stride, m.Rect)
}

func fromRGBA64(m *image.RGBA64) *image.NRGBA {
	half := upperHalf(m.Pix, m.Stride, m.Rect)
	return fromRGBA(&image.RGBA{Pix: half.Pix, Stride: half.Stride, Rect: half.Rect})
}

// upperHalf keeps the first of every two bytes of 4 x 16-bit pixels.
func upperHalf(pix []byte, stride int, rect image.Rectangle) *image.NRGBA {
	out := image.NewNRGBA(rect)
	for y := range rect.Dy() {
		from, to := pix[y*stride:], out.Pix[y*out.Stride:][:out.Stride]
		for i := range to {
			to[i] = from[2*i]
		}
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

func fromNYCbCrA(m *image.NYCbCrA) *image.NRGBA {
	out := image.NewNRGBA(m.Rect)
	for y := range m.Rect.Dy() {
		to := out.Pix[y*out.Stride:][:out.Stride]
		for x := range m.Rect.Dx() {
			luma, chroma := m.YOffset(x, y), m.COffset(x, y)
			to[4*x], to[4*x+1], to[4*x+2] = color.YCbCrToRGB(m.Y[luma], m.Cb[chroma], m.Cr[chroma])
			to[4*x+3] = m.A[y*m.AStride+x]
		}
	}
	return out
}
