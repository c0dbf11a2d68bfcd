package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	"slices"
)

// embed puts profile and EXIF block into an encoded picture of that size. What does not fit is left out.
func (t treatment) embed(file []byte, format Format, size image.Point) []byte {
	var profile []byte
	if t.profile != nil && t.profile.space == spaceOf(file, format) {
		profile = t.profile.raw
	}
	block := rewriteEXIF(t.exif, size)
	switch format {
	case JPEG:
		return embedJPEG(file, profile, block)
	case PNG:
		return embedPNG(file, profile, block)
	case WebP:
		return embedWebP(file, profile, block, size)
	}
	return file
}

// embedJPEG puts segments behind JFIF's, which has to be the first: EXIF in APP1, the profile in as many APP2 as it takes.
func embedJPEG(file, profile, exif []byte) []byte {
	const longest = 65_533
	at := 2
	if len(file) > 6 && file[2] == 0xff && file[3] == 0xe0 {
		at = min(len(file), 4+int(binary.BigEndian.Uint16(file[4:])))
	}
	var segments []byte
	if len(exif) > 0 && len(exifHeader)+len(exif) <= longest {
		segments = appendSegment(segments, 0xe1, exifHeader, exif)
	}
	if len(profile) > 0 {
		parts := slices.Collect(slices.Chunk(profile, longest-len(iccHeader)-2))
		for i, part := range parts { // maxProfile is of 65 parts, and a byte can count 255
			segments = appendSegment(segments, 0xe2, iccHeader, []byte{byte(i + 1), byte(len(parts))}, part)
		}
	}
	return slices.Concat(file[:at], segments, file[at:])
}

func appendSegment(to []byte, marker byte, payload ...[]byte) []byte {
	data := bytes.Join(payload, nil)
	to = binary.BigEndian.AppendUint16(append(to, 0xff, marker), uint16(2+len(data)))
	return append(to, data...)
}

// embedPNG puts chunks behind IHDR: a profile has to stand before palette and pixels, EXIF may stand anywhere.
func embedPNG(file, profile, exif []byte) []byte {
	const header = 8 + 12 + 13 // signature and IHDR
	if len(file) < header {
		return file
	}
	var chunks []byte
	if len(profile) > 0 {
		chunks = appendChunk(chunks, "iCCP", []byte("ICC profile\x00\x00"), deflated(profile))
	}
	if len(exif) > 0 {
		chunks = appendChunk(chunks, "eXIf", exif)
	}
	return slices.Concat(file[:header], chunks, file[header:])
}

func appendChunk(to []byte, name string, payload ...[]byte) []byte {
	data := bytes.Join(payload, nil)
	to = binary.BigEndian.AppendUint32(to, uint32(len(data)))
	start := len(to)
	to = append(append(to, name...), data...)
	return binary.BigEndian.AppendUint32(to, crc32.ChecksumIEEE(to[start:]))
}

// deflated packs into memory, which cannot fail.
func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}
