package picture

import (
	"encoding/binary"
	"errors"
	"image"

	"mapfleet/functions/resize/picture/vp8"
)

// vp8Decoder is shared, so that its memory serves one picture after the other.
var vp8Decoder vp8.Decoder

// decodeLossy decodes a WebP of lossy pixels without alpha. ok is false, without an error, for all others, and for files whose
// chunks are not as they should be: the general decoder has the last word on these.
func decodeLossy(source []byte, info Info) (p planes, ok bool, err error) {
	const doing = "decode webp"
	defer contain(DecodeFailed, doing, &err)
	frame, alpha, ok := lossyFrame(source)
	if !ok || alpha != nil || !sized(frame, info) {
		return planes{}, false, nil
	}
	img, err := vp8Decoder.Decode(frame)
	if _, unsupported := errors.AsType[vp8.UnsupportedError](err); unsupported {
		return planes{}, false, nil
	}
	if err != nil {
		return planes{}, false, failWith(DecodeFailed, doing, err)
	}
	half := sampling{0.5, 0.5}
	return planes{
		planes: img.Planes[:], sampling: []sampling{{1, 1}, half, half},
		scale: 1, release: img.Release,
	}, true, nil
}

// sized says whether a frame has the size that was inspected, which is the container's.
func sized(frame []byte, info Info) bool {
	width, height, err := vp8.ReadSize(frame)
	return err == nil && image.Pt(width, height) == info.stored()
}

// lossyFrame returns the chunk of lossy pixels of a WebP, and that of alpha if it has any, where they come as they should and are
// whole (https://developers.google.com/speed/webp/docs/riff_container).
func lossyFrame(source []byte) (frame, alpha []byte, ok bool) {
	const fileHeader, chunkHeader, extended, hasAlpha = 12, 8, 10, 1 << 4
	if len(source) < fileHeader {
		return nil, nil, false
	}
	size := uint64(binary.LittleEndian.Uint32(source[4:]))
	rest := source[fileHeader:min(uint64(len(source)), max(fileHeader, chunkHeader+size))]
	promised := false
	for len(rest) >= chunkHeader {
		name, size := string(rest[:4]), uint64(binary.LittleEndian.Uint32(rest[4:]))
		if size+chunkHeader > uint64(len(rest)) {
			return nil, nil, false
		}
		payload := rest[chunkHeader : chunkHeader+size]
		switch {
		case name == "VP8 ":
			return payload, alpha, promised == (alpha != nil)
		case name == "VP8X" && len(payload) == extended:
			promised = payload[0]&hasAlpha != 0
		case name == "ALPH" && promised && alpha == nil:
			alpha = payload
		case name == "VP8X", name == "ALPH", name == "VP8L":
			return nil, nil, false
		}
		rest = rest[min(chunkHeader+size+size%2, uint64(len(rest))):]
	}
	return nil, nil, false
}
