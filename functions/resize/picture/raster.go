package picture

import (
	"encoding/binary"
	"image"

	"mapfleet/functions/resize/picture/planar"
)

// raster is a decoded picture of RGBA pixels, as stored.
type raster struct {
	planar.Pixels
	alpha    bool    // not all pixels are opaque
	weighted bool    // colours are multiplied by alpha
	weighed  *raster // a copy that is weighted, nil until one is needed
}

// newRaster takes over the pixels of a picture that plain returned. If own is set they may change: no variant needs them as they are.
func newRaster(pix []byte, stride int, size image.Point, own bool) *raster {
	r := &raster{Pixels: planar.Pixels{Pix: pix, Stride: stride, Width: size.X, Height: size.Y, Channels: 4}}
	r.alpha = !opaquePixels(r.Pixels)
	if r.alpha && own {
		planar.PremultiplyPixels(r.Pixels)
		r.weighted = true
	}
	return r
}

// weightedRaster is newRaster for pixels whose colours are multiplied by alpha.
func weightedRaster(m *image.RGBA) *raster {
	r := newRaster(m.Pix, m.Stride, m.Rect.Size(), false)
	r.weighted = r.alpha
	return r
}

// opaquePixels looks at two pixels at a time.
func opaquePixels(p planar.Pixels) bool {
	for y := range p.Height {
		all := ^uint64(0)
		row := p.Row(y)
		for ; len(row) >= 8; row = row[8:] {
			all &= binary.LittleEndian.Uint64(row)
		}
		if all>>56 != 255 || all>>24&255 != 255 || len(row) > 0 && row[3] != 255 {
			return false
		}
	}
	return true
}

func (r *raster) drawing(info Info) drawing {
	return drawing{
		solid: !r.alpha,
		draw: func(p plan, v Variant, format Format, colours *transform) (image.Image, error) {
			img, err := r.pixels(p, info)
			if err != nil {
				return nil, err
			}
			return finish(img, p, v.background(), format, colours), nil
		},
		release: func() {},
	}
}

// pixels cuts, scales and turns.
func (r *raster) pixels(p plan, info Info) (*image.NRGBA, error) {
	from := r
	if r.alpha && !p.keeps() {
		from = r.weigh()
	}
	crop, size := p.asStored(info)
	fitted := make([]planar.Plane, 3, 4)
	if r.alpha {
		fitted = fitted[:4]
	}
	for c := range fitted {
		fitted[c] = planar.New(size.X, size.Y)
	}
	if err := planar.ResizePixels(fitted, from.Pixels, windowOf(crop), p.filter); err != nil {
		return nil, err
	}
	for c := range fitted {
		fitted[c] = planar.Orient(fitted[c], info.Orientation)
	}
	return join(fitted, r.alpha, from.weighted), nil
}

func windowOf(r image.Rectangle) planar.Window {
	return planar.Window{X: float64(r.Min.X), Y: float64(r.Min.Y), Width: float64(r.Dx()), Height: float64(r.Dy())}
}

// weigh returns r with colours multiplied by alpha, a copy if need be: another variant may want them as they are.
func (r *raster) weigh() *raster {
	if r.weighted {
		return r
	}
	if r.weighed == nil {
		copied := *r
		copied.Pix = append([]byte(nil), r.Pix...)
		planar.PremultiplyPixels(copied.Pixels)
		copied.weighted = true
		r.weighed = &copied
	}
	return r.weighed
}
