package picture

import (
	"image"
	"image/color"
)

const maxColors = 256

// asIndexed returns img with a palette, in order of appearance, if it has no more than 256 colours.
func asIndexed(img *image.NRGBA) (*image.Paletted, bool) {
	out := image.NewPaletted(img.Rect, nil)
	indices := make(map[color.NRGBA]uint8, maxColors)
	var last color.NRGBA
	var lastIndex uint8
	for i := range out.Pix {
		p := img.Pix[4*i : 4*i+4 : 4*i+4]
		c := color.NRGBA{R: p[0], G: p[1], B: p[2], A: p[3]}
		if c.A == 0 {
			c = color.NRGBA{}
		}
		if i > 0 && c == last {
			out.Pix[i] = lastIndex
			continue
		}
		index, ok := indices[c]
		if !ok {
			if len(out.Palette) == maxColors {
				return nil, false
			}
			index = uint8(len(out.Palette))
			indices[c] = index
			out.Palette = append(out.Palette, c)
		}
		out.Pix[i], last, lastIndex = index, c, index
	}
	return out, true
}

// threshold makes every pixel opaque or, below half, transparent: GIF knows nothing between.
func threshold(img *image.NRGBA) {
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		if p[3] >= 128 {
			p[3] = 255
		} else {
			p[0], p[1], p[2], p[3] = 0, 0, 0, 0
		}
	}
}

// grayIndexed returns img with a palette, in order of appearance: it cannot have more than 256 grays.
func grayIndexed(img *image.Gray) *image.Paletted {
	out := image.NewPaletted(img.Rect, nil)
	var indices [maxColors]uint8
	var known [maxColors]bool
	for y := range img.Rect.Dy() {
		to := out.Pix[y*out.Stride:]
		for x, v := range img.Pix[y*img.Stride:][:img.Rect.Dx()] {
			if !known[v] {
				known[v], indices[v] = true, uint8(len(out.Palette))
				out.Palette = append(out.Palette, color.Gray{Y: v})
			}
			to[x] = indices[v]
		}
	}
	return out
}
