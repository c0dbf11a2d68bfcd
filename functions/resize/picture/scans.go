package picture

import (
	"bytes"
	"encoding/binary"
)

// checkScans refuses a progressive JPEG of many scans; it is asked where more than an eighth is needed, and so most scans are. One of
// a few bytes can go over every block of the picture: so neither bytes nor pixels bound the work of decoding.
func checkScans(source []byte, info Info, limits Limits) error {
	if info.Format != JPEG || !progressive(source) {
		return nil
	}
	n := scans(source, limits.MaxScans+1)
	if n > limits.MaxScans {
		return fail(TooManyScans, "read jpeg", "more than %d scans", limits.MaxScans)
	}
	if pixels := int64(info.Width) * int64(info.Height); n > 0 && pixels > limits.MaxScanPixels/int64(n) {
		return fail(TooManyScans, "read jpeg", "%d scans of %d x %d are more than %d pixels", n, info.Width, info.Height, limits.MaxScanPixels)
	}
	return nil
}

// scans counts those of a JPEG, up to most (ITU T.81, annex B). It looks at markers only.
func scans(source []byte, most int) (n int) {
	const startOfScan, endOfImage = 0xda, 0xd9
	rest := source[min(2, len(source)):]
	for n < most {
		at := bytes.IndexByte(rest, 0xff)
		if at < 0 || at+4 > len(rest) {
			break
		}
		rest = rest[at:]
		switch marker := rest[1]; {
		case marker == 0xff: // fill byte
			rest = rest[1:]
		case marker <= 1 || marker >= 0xd0 && marker <= 0xd8: // no marker, or one without payload
			rest = rest[2:]
		case marker == endOfImage:
			return n
		default:
			if marker == startOfScan {
				n++
			}
			rest = rest[min(len(rest), 2+int(binary.BigEndian.Uint16(rest[2:]))):]
		}
	}
	return n
}
