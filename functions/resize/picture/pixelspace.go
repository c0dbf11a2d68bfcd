package picture

// space is what samples mean, by the signature that an ICC profile has for it (ICC.1:2022, 7.2.6).
type space string

const (
	spaceGray space = "GRAY"
	spaceRGB  space = "RGB "
	spaceCMYK space = "CMYK"
)

// spaceOf reads what the samples of a file are, as far as a profile for them is concerned: YCbCr and palettes are RGB.
// It is empty where the header does not tell.
func spaceOf(file []byte, format Format) space {
	switch format {
	case JPEG:
		return jpegSpace(file)
	case PNG:
		return pngSpace(file)
	case TIFF:
		return tiffSpace(file)
	case WebP, GIF, BMP:
		return spaceRGB
	}
	return ""
}

func jpegSpace(file []byte) space {
	const components = 5
	for marker, segment := range jpegSegments(file) {
		if marker < 0xc0 || marker > 0xcf || marker == 0xc4 || marker == 0xc8 || marker == 0xcc || len(segment) <= components {
			continue // no frame header
		}
		switch segment[components] {
		case 1:
			return spaceGray
		case 3:
			return spaceRGB
		case 4:
			return spaceCMYK
		}
		return ""
	}
	return ""
}

func pngSpace(file []byte) space {
	const colorType, colour = 25, 1 << 1 // of IHDR, the first chunk (PNG, third edition, 11.2.1)
	switch {
	case len(file) <= colorType:
		return ""
	case file[colorType]&colour == 0:
		return spaceGray
	}
	return spaceRGB
}

func tiffSpace(file []byte) space {
	const photometric = 262
	order := byteOrder(file)
	entry := tiffEntry(file, order, photometric)
	if entry == nil {
		return ""
	}
	switch order.Uint16(entry[8:]) {
	case 0, 1:
		return spaceGray
	case 2, 3, 6:
		return spaceRGB
	case 5:
		return spaceCMYK
	}
	return ""
}
