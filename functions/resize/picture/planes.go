package picture

import (
	"errors"
	"image"

	"mapfleet/functions/resize/picture/planar"
	"mapfleet/functions/resize/picture/scaledjpeg"
)

// planes is a decoded JPEG that never was RGB: Y, Cb and Cr, or Y alone, as stored, at scale times the file's size.
type planes struct {
	planes   []planar.Plane
	sampling []sampling // of each plane
	scale    float64
	release  func() // gives the memory back to the decoder
}

// sampling is a plane's resolution as a fraction of the first one's.
type sampling struct{ across, down float64 }

// decoder is shared, so that its memory serves one picture after the other.
var decoder scaledjpeg.Decoder

// decodePlanes decodes a JPEG no larger than the plans need. ok is false, without an error, for what has no planes here: CMYK, RGB,
// rare codings, and progressive files of which more than an eighth is needed.
func decodePlanes(source []byte, plans []plan, variants []Variant) (p planes, ok bool, err error) {
	const doing = "decode jpeg"
	defer contain(DecodeFailed, doing, &err)
	header, err := scaledjpeg.ReadHeader(source)
	if err != nil {
		return planes{}, false, nil // the general decoder has the last word on what is broken
	}
	scale, ok := smallest(header, needed(plans, variants))
	if !ok {
		return planes{}, false, nil
	}
	img, err := decoder.Decode(source, scale)
	if _, unsupported := errors.AsType[scaledjpeg.UnsupportedError](err); unsupported {
		return planes{}, false, nil
	}
	if err != nil {
		return planes{}, false, failWith(DecodeFailed, doing, err)
	}
	p = planes{scale: float64(scale) / 8, release: img.Release}
	first := header.Sampling[0]
	for i, plane := range img.Planes[:img.Components] {
		s := header.Sampling[i]
		p.planes = append(p.planes, planar.Plane(plane))
		p.sampling = append(p.sampling, sampling{
			float64(s.Horizontal) / float64(first.Horizontal), float64(s.Vertical) / float64(first.Vertical),
		})
	}
	return p, true, nil
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
