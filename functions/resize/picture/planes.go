package picture

import (
	"errors"
	"image"

	"mapfleet/functions/resize/picture/planar"
	"mapfleet/functions/resize/picture/scaledjpeg"
)

// planes is a decoded picture that never was RGB: Y, Cb and Cr, or Y alone, as stored, at scale times the file's size.
type planes struct {
	planes   []planar.Plane
	sampling []sampling // of each plane
	scale    float64
	release  func() // gives the memory back to the decoder
}

// sampling is a plane's resolution as a fraction of the picture's. That is mostly the first plane's, but luma may be coarser than
// chroma.
type sampling struct{ across, down float64 }

// decoder is shared, so that its memory serves one picture after the other.
var decoder scaledjpeg.Decoder

// decodePlanes decodes a JPEG no larger than the plans need, and says what its planes mean. ok is false, without an error, for what
// scaledjpeg does not support: codings that nobody writes.
func decodePlanes(source []byte, info Info, plans []plan, variants []Variant, limits Limits) (p planes, colour scaledjpeg.Color, ok bool, err error) {
	const doing = "decode jpeg"
	defer contain(DecodeFailed, doing, &err)
	header, err := scaledjpeg.ReadHeader(source)
	if err != nil {
		return planes{}, 0, false, nil // the general decoder has the last word on what is broken
	}
	scale, ok := smallest(header, needed(plans, variants))
	if !ok {
		return planes{}, 0, false, nil
	}
	if scale > 1 {
		if err := checkScans(source, info, limits); err != nil {
			return planes{}, 0, false, err
		}
	}
	img, err := decoder.Decode(source, scale)
	if _, unsupported := errors.AsType[scaledjpeg.UnsupportedError](err); unsupported {
		return planes{}, 0, false, nil
	}
	if err != nil {
		return planes{}, 0, false, failWith(DecodeFailed, doing, err)
	}
	p = planes{scale: float64(scale) / 8, release: img.Release}
	finest := finest(header)
	for i, plane := range img.Planes[:img.Components] {
		s := header.Sampling[i]
		p.planes = append(p.planes, planar.Plane(plane))
		p.sampling = append(p.sampling, sampling{
			float64(s.Horizontal) / float64(finest.Horizontal), float64(s.Vertical) / float64(finest.Vertical),
		})
	}
	return p, header.Color, true, nil
}

// finest is the sampling of the picture: T.81 A.1.1 counts those of its components as parts of the largest.
func finest(header scaledjpeg.Header) (most scaledjpeg.Sampling) {
	for _, s := range header.Sampling[:header.Components] {
		most.Horizontal, most.Vertical = max(most.Horizontal, s.Horizontal), max(most.Vertical, s.Vertical)
	}
	return most
}

// needed is the least size, as a fraction of the file's, that has no fewer pixels than any variant.
func needed(plans []plan, variants []Variant) float64 {
	need := 0.0
	for i, p := range plans {
		if p.scaled != (image.Point{}) {
			need = max(need, p.enlargement()*variants[i].margin())
		}
	}
	return min(need, 1)
}

// smallest returns the lowest scale, in eighths, that is at least need and that can be decoded.
func smallest(header scaledjpeg.Header, need float64) (scale int, ok bool) {
	for _, scale := range []int{1, 2, 3, 4, 8} {
		if float64(scale)/8 >= need && scaledjpeg.Supported(header, scale) == nil {
			return scale, true
		}
	}
	return 0, false
}

// planesOf takes over what plain returned.
func planesOf(m *image.YCbCr) planes {
	across, down := 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		across = 2
	case image.YCbCrSubsampleRatio420:
		across, down = 2, 2
	case image.YCbCrSubsampleRatio440:
		down = 2
	case image.YCbCrSubsampleRatio411:
		across = 4
	case image.YCbCrSubsampleRatio410:
		across, down = 4, 2
	}
	size := m.Rect.Size()
	chroma := image.Pt((size.X+across-1)/across, (size.Y+down-1)/down)
	less := sampling{1 / float64(across), 1 / float64(down)}
	return planes{
		planes: []planar.Plane{
			{Pix: m.Y, Stride: m.YStride, Width: size.X, Height: size.Y},
			{Pix: m.Cb, Stride: m.CStride, Width: chroma.X, Height: chroma.Y},
			{Pix: m.Cr, Stride: m.CStride, Width: chroma.X, Height: chroma.Y},
		},
		sampling: []sampling{{1, 1}, less, less},
		scale:    1, release: func() {},
	}
}

// grayPlane takes over what plain returned.
func grayPlane(m *image.Gray) planes {
	size := m.Rect.Size()
	return planes{
		planes:   []planar.Plane{{Pix: m.Pix, Stride: m.Stride, Width: size.X, Height: size.Y}},
		sampling: []sampling{{1, 1}}, scale: 1, release: func() {},
	}
}
