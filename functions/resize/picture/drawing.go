package picture

import "image"

// drawing is a decoded picture, as stored, of which variants are drawn.
type drawing struct {
	solid   bool // opaque throughout
	draw    func(p plan, v Variant, format Format, colours *transform) (image.Image, error)
	release func() // gives memory back to a decoder
}

// open decodes a source by the shortest road that there is for it and for what the variants need.
func open(source []byte, info Info, plans []plan, variants []Variant, limits Limits) (drawing, error) {
	switch {
	case info.Format == JPEG:
		planes, colour, ok, err := decodePlanes(source, info, plans, variants, limits)
		if err != nil {
			return drawing{}, err
		}
		if ok {
			return planes.drawingIn(colour, info), nil
		}
	case info.Format == PNG:
		channels, ok, err := decodeChannels(source, plans)
		if err != nil {
			return drawing{}, err
		}
		if ok {
			return channels.drawing(info), nil
		}
	case info.Format == WebP:
		planes, ok, err := decodeLossy(source, info)
		if err != nil {
			return drawing{}, err
		}
		if ok {
			return planes.drawing(info), nil
		}
	}
	if err := checkScans(source, info, limits); err != nil {
		return drawing{}, err
	}
	if err := checkGeneral(source, info, limits); err != nil {
		return drawing{}, err
	}
	img, err := decode(source, info)
	if err != nil {
		return drawing{}, err
	}
	return drawingOf(img, info, allScale(plans)), nil
}

// drawingOf is of a picture that plain returned. own is newRaster's.
func drawingOf(img image.Image, info Info, own bool) drawing {
	switch m := img.(type) {
	case *image.YCbCr:
		return planesOf(m).drawing(info)
	case *image.Gray:
		return grayPlane(m).drawing(info)
	case *image.RGBA:
		return weightedRaster(m).drawing(info)
	}
	m := img.(*image.NRGBA)
	return newRaster(m.Pix, m.Stride, m.Rect.Size(), own).drawing(info)
}

func (p planes) drawing(info Info) drawing {
	return drawing{
		solid: true,
		draw: func(plan plan, v Variant, format Format, colours *transform) (image.Image, error) {
			img, err := p.treated(plan, info, v.background(), format, colours)
			return opaque(img, format), err
		},
		release: p.release,
	}
}

func (c *channels) drawing(info Info) drawing {
	return drawing{
		solid: !c.alpha,
		draw: func(p plan, v Variant, format Format, colours *transform) (image.Image, error) {
			img, err := c.pixels(p, info)
			if err != nil {
				return nil, err
			}
			return finish(img, p, v.background(), format, colours), nil
		},
		release: c.release,
	}
}
