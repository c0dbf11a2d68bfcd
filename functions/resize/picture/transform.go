package picture

import (
	"image"
	"math"
)

// transform makes samples of a profile sRGB samples, by tables: 8 bits in, 8 bits out.
type transform struct {
	gray   *[256]uint8 // of a gray profile, for which this is all
	linear [3][256]int64
	matrix [3][3]int64
}

const (
	linearBits = 16 // fraction of transform.linear
	matrixBits = 14 // fraction of transform.matrix
)

// newTransform is nil for a profile that is not made of primaries and curves.
func newTransform(p *profile) *transform {
	if p.lookup() {
		return nil
	}
	curves, ok := p.curves()
	if !ok {
		return nil
	}
	switch p.space {
	case spaceGray:
		return grayTransform(curves[0])
	case spaceRGB:
		if primaries, ok := p.matrix(); ok {
			return rgbTransform(curves, fromSRGB.inverse().times(primaries))
		}
	}
	return nil
}

func grayTransform(c curve) *transform {
	t := &transform{gray: new([256]uint8)}
	for i, y := range c {
		t.gray[i] = uint8(255*srgbEncoded(y) + 0.5)
	}
	return t
}

func rgbTransform(curves []curve, m matrix) *transform {
	t := new(transform)
	for row := range 3 {
		for i, y := range curves[row] {
			t.linear[row][i] = int64(math.Round(y * (1 << linearBits)))
		}
		for column := range 3 {
			t.matrix[row][column] = int64(math.Round(m[row][column] * (1 << matrixBits)))
		}
	}
	return t
}

// apply converts in place, and leaves alpha alone.
func (t *transform) apply(img *image.NRGBA) {
	if t.gray != nil {
		for i := 0; i < len(img.Pix); i += 4 {
			p := img.Pix[i : i+4 : i+4]
			p[0], p[1], p[2] = t.gray[p[0]], t.gray[p[1]], t.gray[p[2]]
		}
		return
	}
	samples, m := srgbSamples(), &t.matrix
	for i := 0; i < len(img.Pix); i += 4 {
		p := img.Pix[i : i+4 : i+4]
		r, g, b := t.linear[0][p[0]], t.linear[1][p[1]], t.linear[2][p[2]]
		p[0] = samples[step(m[0][0]*r+m[0][1]*g+m[0][2]*b)]
		p[1] = samples[step(m[1][0]*r+m[1][1]*g+m[1][2]*b)]
		p[2] = samples[step(m[2][0]*r+m[2][1]*g+m[2][2]*b)]
	}
}

// step rounds a product of both fractions to linearSteps, which have 14 bits.
func step(product int64) int {
	const bits = linearBits + matrixBits - 14
	return int(min(max((product+1<<(bits-1))>>bits, 0), linearSteps))
}
