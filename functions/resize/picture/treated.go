package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// treated is fit with a change of colours, where there is one, and with any background: then the result is RGB, at the size of the
// output, and the background comes after.
func (p planes) treated(plan plan, info Info, background color.NRGBA, format Format, colours *transform) (image.Image, error) {
	if colours == nil && (plan.canvas == plan.scaled || p.canHold(background)) {
		return p.fit(plan, info, background, format != JPEG && format != WebP)
	}
	bare := plan
	bare.canvas = plan.scaled
	img, err := p.fit(bare, info, background, true)
	if err != nil {
		return nil, err
	}
	return finish(inRGB(img), plan, background, format, colours), nil
}

// canHold tells whether the planes have a level for a background: gray ones have none for a colour, and none has one for alpha.
func (p planes) canHold(background color.NRGBA) bool {
	gray := background.R == background.G && background.R == background.B
	return background.A == 255 && (gray || len(p.planes) > 1)
}

// inRGB makes what fit returns of full chroma, or of none, RGB.
func inRGB(img image.Image) *image.NRGBA {
	if m, ok := opaque(img, PNG).(*image.NRGBA); ok {
		return m
	}
	out := image.NewNRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}
