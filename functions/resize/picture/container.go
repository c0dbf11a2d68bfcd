package picture

import (
	"bytes"
	"encoding/binary"
	"iter"
)

var exifHeader = []byte("Exif\x00\x00")

// jpegEXIF returns the TIFF structure in the first APP1 segment that holds one.
func jpegEXIF(source []byte) []byte {
	const app1 = 0xe1
	for marker, segment := range jpegSegments(source) {
		if block, ok := bytes.CutPrefix(segment, exifHeader); ok && marker == app1 {
			return block
		}
	}
	return nil
}

// progressive tells whether the frame of a JPEG comes in several scans.
func progressive(source []byte) bool {
	const sof2 = 0xc2
	for marker := range jpegSegments(source) {
		if marker == sof2 {
			return true
		}
	}
	return false
}

// jpegSegments yields marker and payload of the segments before the first scan (ITU T.81, annex B).
func jpegSegments(source []byte) iter.Seq2[byte, []byte] {
	const startOfScan, endOfImage = 0xda, 0xd9
	return func(yield func(byte, []byte) bool) {
		rest := source[min(2, len(source)):]
		for len(rest) >= 4 {
			if rest[0] != 0xff || rest[1] == 0xff { // stray or fill byte
				rest = rest[1:]
				continue
			}
			marker := rest[1]
			if marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd7 { // no payload
				rest = rest[2:]
				continue
			}
			size := int(binary.BigEndian.Uint16(rest[2:]))
			if marker == startOfScan || marker == endOfImage || size < 2 || 2+size > len(rest) {
				return
			}
			if !yield(marker, rest[4:2+size]) {
				return
			}
			rest = rest[2+size:]
		}
	}
}

// pngEXIF returns the eXIf chunk, which may stand before or after the pixels (PNG, third edition, 11.3.4.5).
func pngEXIF(source []byte) []byte {
	const signature, around = 8, 12 // around: length, type and checksum
	rest := source[min(signature, len(source)):]
	for len(rest) >= around {
		size := uint64(binary.BigEndian.Uint32(rest))
		if size+around > uint64(len(rest)) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+size]
		}
		rest = rest[size+around:]
	}
	return nil
}

func webpEXIF(source []byte) []byte {
	block := webpChunk(source, "EXIF")
	block, _ = bytes.CutPrefix(block, exifHeader) // some writers keep JPEG's header
	return block
}

// animated tells whether a WebP says that it is an animation, of which no frame can be read here.
func animated(source []byte) bool {
	const animation = 1 << 1
	flags := webpChunk(source, "VP8X")
	return len(flags) > 0 && flags[0]&animation != 0
}

// webpChunk returns the payload of the first chunk of that name, nil if there is none.
func webpChunk(source []byte, name string) []byte {
	const fileHeader, chunkHeader = 12, 8
	rest := source[min(fileHeader, len(source)):]
	for len(rest) >= chunkHeader {
		size := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if size+chunkHeader > uint64(len(rest)) {
			return nil
		}
		if string(rest[:4]) == name {
			return rest[chunkHeader : chunkHeader+size]
		}
		rest = rest[min(chunkHeader+size+size%2, uint64(len(rest))):]
	}
	return nil
}
