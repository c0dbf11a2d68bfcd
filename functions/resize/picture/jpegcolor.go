package picture

import (
	"image/color"

	"mapfleet/functions/resize/picture/planar"
	"mapfleet/functions/resize/picture/scaledjpeg"
)

// drawingIn is of planes that mean what a JPEG's colour says.
func (p planes) drawingIn(colour scaledjpeg.Color, info Info) drawing {
	switch colour {
	case scaledjpeg.RGB:
		return (&channels{planes: p}).drawing(info)
	case scaledjpeg.CMYK, scaledjpeg.YCCK:
		p.shine(colour)
		return (&channels{planes: p}).drawing(info)
	}
	return p.drawing(info)
}

// shine turns planes of ink to red, green and blue, without colour management. Files have the inverse of CMYK (see inked), and
// of YCCK too, whose first three planes are ink as if that were light.
func (p *planes) shine(colour scaledjpeg.Color) {
	size := p.planes[0]
	for _, plane := range p.planes {
		size.Width, size.Height = max(size.Width, plane.Width), max(size.Height, plane.Height)
	}
	for i, plane := range p.planes {
		p.planes[i], p.sampling[i] = spread(plane, size.Width, size.Height), sampling{1, 1}
	}
	for y := range size.Height {
		c, m, ye, k := p.planes[0].Row(y), p.planes[1].Row(y), p.planes[2].Row(y), p.planes[3].Row(y)
		for x := range c {
			inks := [3]uint8{255 - c[x], 255 - m[x], 255 - ye[x]}
			if colour == scaledjpeg.YCCK {
				inks[0], inks[1], inks[2] = color.YCbCrToRGB(c[x], m[x], ye[x])
			}
			c[x], m[x], ye[x] = color.CMYKToRGB(inks[0], inks[1], inks[2], 255-k[x])
		}
	}
	p.planes, p.sampling = p.planes[:3], p.sampling[:3]
}

// spread repeats samples so that there are as many as that.
func spread(p planar.Plane, width, height int) planar.Plane {
	if p.Width == width && p.Height == height {
		return p
	}
	out := planar.New(width, height)
	for y := range height {
		from, to := p.Row(y*p.Height/height), out.Row(y)
		for x := range to {
			to[x] = from[x*p.Width/width]
		}
	}
	return out
}
