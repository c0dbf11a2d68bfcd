package picture

import "slices"

// inked returns a JPEG that the decoder takes for what other readers take it for. One of four components without Adobe's segment
// does not tell whether 0 is all ink or none: as good as all files mean all ink, as with the segment, so that gets one.
func inked(source []byte, format Format) []byte {
	const app14 = 0xee
	if format != JPEG || jpegSpace(source) != spaceCMYK {
		return source
	}
	for marker, segment := range jpegSegments(source) {
		if marker == app14 && len(segment) >= 12 && string(segment[:5]) == "Adobe" {
			return source
		}
	}
	return slices.Concat(source[:2], []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"), source[2:])
}
