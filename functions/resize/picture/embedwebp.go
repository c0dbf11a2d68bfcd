package picture

import (
	"encoding/binary"
	"image"
	"slices"
)

// Flags of VP8X, WebP's extended header (https://developers.google.com/speed/webp/docs/riff_container).
const (
	webpHasEXIF    = 1 << 3
	webpHasProfile = 1 << 5
)

// embedWebP puts the profile before the pixels and EXIF behind them, and an extended header first, which announces them. A lossy
// picture with alpha has that header already.
func embedWebP(file, profile, exif []byte, size image.Point) []byte {
	const fileHeader, chunkHeader, extended = 12, 8, 10
	if len(profile) == 0 && len(exif) == 0 || len(file) < fileHeader {
		return file
	}
	var flags byte
	pixels := file[fileHeader:]
	if own := webpChunk(file, "VP8X"); len(own) >= extended {
		flags, pixels = own[0], pixels[chunkHeader+extended:]
	}
	var before, behind []byte
	if len(profile) > 0 {
		flags |= webpHasProfile
		before = appendRIFF(nil, "ICCP", profile)
	}
	if len(exif) > 0 {
		flags |= webpHasEXIF
		behind = appendRIFF(nil, "EXIF", exif)
	}
	header := binary.LittleEndian.AppendUint32([]byte{flags, 0, 0, 0}, uint32(size.X-1))[:7]
	header = binary.LittleEndian.AppendUint32(header, uint32(size.Y-1))[:extended]
	out := slices.Concat(file[:fileHeader], appendRIFF(nil, "VP8X", header), before, pixels, behind)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func appendRIFF(to []byte, name string, payload []byte) []byte {
	to = binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(payload)))
	to = append(to, payload...)
	if len(payload)%2 != 0 {
		to = append(to, 0)
	}
	return to
}
