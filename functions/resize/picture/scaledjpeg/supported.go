package scaledjpeg

import "fmt"

// Supported reports, as an UnsupportedError, why Decode does not decode such a file at scale/8; nil: it does.
func Supported(h Header, scale int) error {
	switch {
	case scale != 1 && scale != 2 && scale != 3 && scale != 4 && scale != 8:
		return unsupported("scale %d/8", scale)
	case h.process >= 0xC9:
		return unsupported("arithmetic coding")
	case h.process == 0xC3:
		return unsupported("lossless coding")
	case h.process > markerSOF2:
		return unsupported("hierarchical coding")
	case h.Precision != 8:
		return unsupported("%d bits a sample", h.Precision)
	case h.Components == 2:
		return unsupported("2 components")
	}
	return h.supportedSampling()
}

func (h Header) supportedSampling() error {
	largest := h.largestSampling()
	for _, s := range h.Sampling[:h.Components] {
		if largest.Horizontal%s.Horizontal != 0 || largest.Vertical%s.Vertical != 0 {
			return unsupported("sampling %d×%d beside %d×%d", s.Horizontal, s.Vertical, largest.Horizontal, largest.Vertical)
		}
	}
	return nil
}

func (h Header) largestSampling() Sampling {
	var largest Sampling
	for _, s := range h.Sampling[:h.Components] {
		largest.Horizontal = max(largest.Horizontal, s.Horizontal)
		largest.Vertical = max(largest.Vertical, s.Vertical)
	}
	return largest
}

func unsupported(format string, a ...any) error { return UnsupportedError(fmt.Sprintf(format, a...)) }
