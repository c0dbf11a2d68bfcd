package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"iter"
)

// maxProfile bounds what is read of a profile. Those of printers, the largest, have up to about 3 MB.
const maxProfile = 4 << 20

// iccProfile returns the bytes of a file's ICC profile, nil if it has none, or none that is whole. They may be the file's own.
func iccProfile(source []byte, format Format) []byte {
	var found []byte
	switch format {
	case JPEG:
		found = jpegProfile(source)
	case PNG:
		found = pngProfile(source)
	case WebP:
		found = webpChunk(source, "ICCP")
	case TIFF:
		found = tiffProfile(source)
	}
	if len(found) > maxProfile {
		return nil
	}
	return found
}

var iccHeader = []byte("ICC_PROFILE\x00")

// jpegProfile joins the APP2 segments of a profile by their numbers (ICC.1:2022, annex B.4). Each also says how many there are.
func jpegProfile(source []byte) []byte {
	const app2 = 0xe2
	var parts [][]byte
	found := 0
	for marker, segment := range jpegSegments(source) {
		if marker != app2 {
			continue
		}
		part, ok := bytes.CutPrefix(segment, iccHeader)
		if !ok {
			continue
		}
		if len(part) < 2 {
			return nil
		}
		number, total := int(part[0]), int(part[1])
		if parts == nil {
			parts = make([][]byte, total)
		}
		if total != len(parts) || number < 1 || number > total || parts[number-1] != nil {
			return nil
		}
		parts[number-1] = part[2:]
		found++
	}
	switch {
	case found == 0 || found < len(parts):
		return nil
	case found == 1:
		return parts[0]
	}
	return bytes.Join(parts, nil)
}

// pngProfile unpacks the iCCP chunk, which goes over all others that speak of colour (PNG, third edition, 4.3). An sRGB chunk needs no
// reading: it says what is assumed. gAMA and cHRM are wrong more often than they help, and are left out as libvips does.
func pngProfile(source []byte) []byte {
	for name, data := range pngHeader(source) {
		if string(name) == "iCCP" {
			return inflated(data)
		}
	}
	return nil
}

// inflated unpacks an iCCP chunk: a name and its zero, a method, a zlib stream.
func inflated(chunk []byte) []byte {
	_, rest, ok := bytes.Cut(chunk, []byte{0})
	if !ok || len(rest) == 0 || rest[0] != 0 {
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil {
		return nil
	}
	return profile
}

// pngHeader yields name and data of the chunks before the pixels.
func pngHeader(source []byte) iter.Seq2[[]byte, []byte] {
	const signature, around = 8, 12 // around: length, name and checksum
	return func(yield func(name, data []byte) bool) {
		rest := source[min(signature, len(source)):]
		for len(rest) >= around {
			size := uint64(binary.BigEndian.Uint32(rest))
			if size+around > uint64(len(rest)) || string(rest[4:8]) == "IDAT" || !yield(rest[4:8], rest[8:8+size]) {
				return
			}
			rest = rest[size+around:]
		}
	}
}

func tiffProfile(source []byte) []byte {
	const tag, typeByte, typeUndefined = 34675, 1, 7
	order := byteOrder(source)
	entry := tiffEntry(source, order, tag)
	if entry == nil || order.Uint16(entry[2:]) != typeUndefined && order.Uint16(entry[2:]) != typeByte {
		return nil
	}
	size, at := uint64(order.Uint32(entry[4:])), uint64(order.Uint32(entry[8:]))
	if at+size > uint64(len(source)) {
		return nil
	}
	return source[at : at+size]
}
