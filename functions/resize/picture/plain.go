package picture

import (
	"encoding/binary"
	"errors"
	"image"
	"image/color"
)

var errLayout = errors.New("codec returned an unknown pixel layout")

// plain returns img as one of four layouts, *image.YCbCr, *image.Gray, *image.NRGBA, or *image.RGBA with no colour above its alpha,
// with its origin at 0,0 and with every pixel of canvas inside its slices. Everything behind leans on that, vectors that look at no
// bounds among it. 16-bit samples are rounded. img may be changed, or be part of the result.
func plain(img image.Image, canvas image.Rectangle) (image.Image, error) {
	if p, ok := img.(*image.Paletted); ok {
		return fromPaletted(p, canvas)
	}
	if img.Bounds() != canvas {
		return nil, errors.New("size is not what the header says")
	}
	w, h := canvas.Dx(), canvas.Dy()
	switch m := img.(type) {
	case *image.YCbCr:
		return m, verifyYCbCr(m)
	case *image.Gray:
		return m, verify(m.Pix, m.Stride, w, h)
	case *image.NRGBA:
		return m, verify(m.Pix, m.Stride, w*4, h)
	case *image.RGBA:
		if err := verify(m.Pix, m.Stride, w*4, h); err != nil {
			return nil, err
		}
		return clipped(m), nil
	case *image.Gray16:
		if err := verify(m.Pix, m.Stride, w*2, h); err != nil {
			return nil, err
		}
		return fromGray16(m), nil
	case *image.NRGBA64:
		if err := verify(m.Pix, m.Stride, w*8, h); err != nil {
			return nil, err
		}
		return &image.NRGBA{Pix: narrow(m.Pix, m.Stride, m.Rect), Stride: 4 * w, Rect: m.Rect}, nil
	case *image.RGBA64:
		if err := verify(m.Pix, m.Stride, w*8, h); err != nil {
			return nil, err
		}
		return clipped(&image.RGBA{Pix: narrow(m.Pix, m.Stride, m.Rect), Stride: 4 * w, Rect: m.Rect}), nil
	case *image.CMYK:
		if err := verify(m.Pix, m.Stride, w*4, h); err != nil {
			return nil, err
		}
		return fromCMYK(m), nil
	case *image.NYCbCrA:
		if err := errors.Join(verifyYCbCr(&m.YCbCr), verify(m.A, m.AStride, w, h)); err != nil {
			return nil, err
		}
		if opaqueAlpha(m) {
			return &m.YCbCr, nil
		}
		return fromNYCbCrA(m), nil
	}
	return nil, errLayout
}

// verify reports whether h rows of rowBytes, stride apart, lie within pix.
func verify(pix []byte, stride, rowBytes, h int) error {
	if stride < rowBytes || len(pix) < (h-1)*stride+rowBytes {
		return errLayout
	}
	return nil
}

func verifyYCbCr(m *image.YCbCr) error {
	if m.Rect.Min != (image.Point{}) || verify(m.Y, m.YStride, m.Rect.Dx(), m.Rect.Dy()) != nil {
		return errLayout
	}
	right, last := m.COffset(m.Rect.Max.X-1, 0), m.COffset(m.Rect.Max.X-1, m.Rect.Max.Y-1)
	if right >= m.CStride || last >= len(m.Cb) || last >= len(m.Cr) {
		return errLayout
	}
	return nil
}

// fromPaletted places a picture that may be smaller than its canvas, as a GIF's first frame may; the rest is transparent.
func fromPaletted(m *image.Paletted, canvas image.Rectangle) (image.Image, error) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if !m.Rect.In(canvas) {
		return nil, errors.New("frame reaches beyond its canvas")
	}
	out := image.NewNRGBA(canvas)
	if w == 0 || h == 0 {
		return out, nil
	}
	if err := verify(m.Pix, m.Stride, w, h); err != nil {
		return nil, err
	}
	var colors [256]uint32 // as bytes lie in out
	for i, c := range m.Palette[:min(len(m.Palette), len(colors))] {
		c := color.NRGBAModel.Convert(c).(color.NRGBA)
		colors[i] = uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | uint32(c.A)<<24
	}
	for y := range h {
		to := out.Pix[out.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):][:4*w]
		for x, index := range m.Pix[y*m.Stride:][:w] {
			if int(index) >= len(m.Palette) {
				return nil, errors.New("palette index out of range")
			}
			binary.LittleEndian.PutUint32(to[4*x:], colors[index])
		}
	}
	return out, nil
}
