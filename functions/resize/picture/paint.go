package picture

import (
	"image"
	"image/color"
)

// finish makes an output of what was cut, scaled and turned. It may change it.
func finish(out *image.NRGBA, p plan, background color.NRGBA, format Format, colours *transform) *image.NRGBA {
	if colours != nil {
		colours.apply(out)
	}
	if format == JPEG {
		background = onWhite(background)
		flatten(out, background) // before there are bars, which would be laid over themselves
	}
	return pad(out, p.canvas, background)
}

// pad centres img on a canvas; an odd pixel falls to the right and bottom, as in sharp. Transparency of img stays.
func pad(img *image.NRGBA, canvas image.Point, background color.NRGBA) *image.NRGBA {
	size := img.Rect.Size()
	if size == canvas {
		return img
	}
	out := image.NewNRGBA(image.Rectangle{Max: canvas})
	for i := 0; i < len(out.Pix); i += 4 {
		p := out.Pix[i : i+4 : i+4]
		p[0], p[1], p[2], p[3] = background.R, background.G, background.B, background.A
	}
	left, top := (canvas.X-size.X)/2, (canvas.Y-size.Y)/2
	for y := range size.Y {
		copy(out.Pix[out.PixOffset(left, top+y):], img.Pix[y*img.Stride:][:size.X*4])
	}
	return out
}

// flatten lays img over the background, and that over white, in place: afterwards img is opaque.
func flatten(img *image.NRGBA, background color.NRGBA) {
	under := onWhite(background)
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		if p[3] == 255 {
			continue
		}
		p[0], p[1], p[2] = over(p[0], p[3], under.R), over(p[1], p[3], under.G), over(p[2], p[3], under.B)
		p[3] = 255
	}
}

func onWhite(c color.NRGBA) color.NRGBA {
	return color.NRGBA{R: over(c.R, c.A, 255), G: over(c.G, c.A, 255), B: over(c.B, c.A, 255), A: 255}
}

func over(sample, alpha, under uint8) uint8 {
	return uint8((uint32(sample)*uint32(alpha) + uint32(under)*uint32(255-alpha) + 127) / 255)
}
