package picture

import (
	"errors"
	"image"

	"mapfleet/functions/resize/picture/planar"
	"mapfleet/functions/resize/picture/pngplanes"
)

// channels is a decoded picture as planes of gray, or of red, green and blue, of the file's size.
type channels struct {
	planes
	alpha    bool // the last plane is alpha
	weighted bool // the others are multiplied by it
}

// pngDecoder is shared, so that its memory serves one picture after the other.
var pngDecoder pngplanes.Decoder

// decodeChannels decodes a PNG. ok is false, without an error, for one that is interlaced or very long.
func decodeChannels(source []byte, plans []plan) (c *channels, ok bool, err error) {
	const doing = "decode png"
	defer contain(DecodeFailed, doing, &err)
	img, err := pngDecoder.Decode(source, allScale(plans))
	if _, unsupported := errors.AsType[pngplanes.UnsupportedError](err); unsupported {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, failWith(DecodeFailed, doing, err)
	}
	c = &channels{planes: planes{planes: img.Planes, scale: 1, release: img.Release}, alpha: img.Alpha, weighted: img.Weighted}
	for range img.Planes {
		c.sampling = append(c.sampling, sampling{1, 1})
	}
	return c, true, nil
}

// allScale says whether no variant keeps the source's pixels. What is kept must not lose what multiplying by alpha would round away.
func allScale(plans []plan) bool {
	for _, p := range plans {
		if p.scaled != (image.Point{}) && p.keeps() {
			return false
		}
	}
	return true
}

// pixels cuts, scales and turns.
func (c *channels) pixels(p plan, info Info) (*image.NRGBA, error) {
	from := c
	if c.alpha && !p.keeps() {
		from = c.weigh()
	}
	fitted := make([]planar.Plane, len(from.planes.planes))
	for i := range fitted {
		var err error
		if fitted[i], err = from.scaled(i, p, info, false); err != nil {
			return nil, err
		}
	}
	return join(fitted, c.alpha, from.weighted), nil
}

// weigh returns c with colours multiplied by alpha. It copies them: another variant may need them as they are.
func (c *channels) weigh() *channels {
	if c.weighted {
		return c
	}
	out := *c
	out.weighted = true
	out.planes.planes = append([]planar.Plane(nil), c.planes.planes...)
	last := len(out.planes.planes) - 1
	for i, p := range out.planes.planes[:last] {
		p.Pix = append([]byte(nil), p.Pix...)
		planar.Premultiply(p, out.planes.planes[last])
		out.planes.planes[i] = p
	}
	return &out
}

// join makes pixels of planes that have no gaps between rows. The last one is alpha, if there is, and colours may be multiplied by
// it: then it divides them.
func join(planes []planar.Plane, alpha, weighted bool) *image.NRGBA {
	if weighted {
		last := len(planes) - 1
		for _, colour := range planes[:last] {
			planar.Unpremultiply(colour, planes[last])
		}
	}
	out := image.NewNRGBA(image.Rect(0, 0, planes[0].Width, planes[0].Height))
	n := len(out.Pix) / 4
	r, g, b, a := planes[0].Pix[:n], planes[0].Pix[:n], planes[0].Pix[:n], []byte(nil)
	if len(planes) >= 3 {
		g, b = planes[1].Pix[:n], planes[2].Pix[:n]
	}
	if alpha {
		a = planes[len(planes)-1].Pix[:n]
	}
	for i := range n {
		p := out.Pix[4*i:][:4:4]
		p[0], p[1], p[2], p[3] = r[i], g[i], b[i], 255
	}
	for i, v := range a {
		out.Pix[4*i+3] = v
	}
	return out
}
