package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"slices"
)

// canvas is where the frames of an animation are laid one over the other. It begins transparent.
type canvas struct {
	pixels  *image.NRGBA
	saved   []byte          // pixels before a frame that takes itself back, nil until there is one
	last    image.Rectangle // where the last frame lies
	dispose byte            // what becomes of that
}

func newCanvas(size image.Point) *canvas {
	return &canvas{pixels: image.NewNRGBA(image.Rectangle{Max: size})}
}

// show clears the last frame away as that asks for, and lays the next one over what is left.
func (c *canvas) show(a animation, f frame) (err error) {
	defer contain(DecodeFailed, "decode gif", &err)
	img, err := gif.Decode(bytes.NewReader(slices.Concat(a.header, f.blocks, []byte{gifTrailer})))
	if err != nil {
		return err
	}
	m, ok := img.(*image.Paletted)
	if !ok || !m.Rect.In(c.pixels.Rect) || verify(m.Pix, m.Stride, m.Rect.Dx(), m.Rect.Dy()) != nil {
		return errLayout
	}
	c.clear()
	if f.disposal == disposeToPrevious {
		c.saved = append(c.saved[:0], c.pixels.Pix...)
	}
	c.last, c.dispose = m.Rect, f.disposal
	return c.lay(m)
}

func (c *canvas) clear() {
	switch c.dispose {
	case disposeToBackground:
		clearPixels(c.pixels, c.last)
	case disposeToPrevious:
		copy(c.pixels.Pix, c.saved)
	}
}

func clearPixels(img *image.NRGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		clear(img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()])
	}
}

func (c *canvas) lay(m *image.Paletted) error {
	colors := make([]color.NRGBA, len(m.Palette))
	for i, c := range m.Palette {
		colors[i] = color.NRGBAModel.Convert(c).(color.NRGBA)
	}
	for y := range m.Rect.Dy() {
		to := c.pixels.Pix[c.pixels.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y):]
		for x, index := range m.Pix[y*m.Stride:][:m.Rect.Dx()] {
			if int(index) >= len(colors) {
				return errors.New("palette index out of range")
			}
			if p := colors[index]; p.A != 0 {
				to[4*x], to[4*x+1], to[4*x+2], to[4*x+3] = p.R, p.G, p.B, p.A
			}
		}
	}
	return nil
}

// raster is what the canvas shows, until it shows the next frame. Pixels are opaque or nothing: weighing does not change them.
func (c *canvas) raster() *raster {
	return newRaster(c.pixels.Pix, c.pixels.Stride, c.pixels.Rect.Size(), true)
}
