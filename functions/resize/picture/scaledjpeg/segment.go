package scaledjpeg

import (
	"bytes"
	"encoding/binary"
)

// Markers, the second byte after 0xFF (T.81 table B.1).
const (
	markerSOF0  = 0xC0 // baseline
	markerSOF1  = 0xC1 // extended sequential
	markerSOF2  = 0xC2 // progressive
	markerDHT   = 0xC4
	markerJPG   = 0xC8
	markerDAC   = 0xCC
	markerSOF15 = 0xCF
	markerRST0  = 0xD0
	markerRST7  = 0xD7
	markerSOI   = 0xD8
	markerEOI   = 0xD9
	markerSOS   = 0xDA
	markerDQT   = 0xDB
	markerDRI   = 0xDD
	markerAPP0  = 0xE0
	markerAPP14 = 0xEE
)

// segment is a marker and what belongs to it; end is the offset after it.
type segment struct {
	marker  byte
	payload []byte
	end     int
}

// nextSegment finds the first segment at or after offset at. Like other decoders it passes over stray bytes.
func nextSegment(data []byte, at int) (segment, error) {
	for {
		found := bytes.IndexByte(data[at:], 0xFF)
		if found < 0 || at+found+1 >= len(data) {
			return segment{}, errTruncated
		}
		at += found + 1
		switch m := data[at]; {
		case m == 0xFF: // a fill byte: the marker is still to come
		case m == markerEOI:
			return segment{marker: m, end: at + 1}, nil
		case m >= markerSOF0 && (m < markerRST0 || m > markerSOI):
			return readSegment(data, at)
		default: // stands alone, or is no marker
			at++
		}
	}
}

func readSegment(data []byte, at int) (segment, error) {
	rest := data[at+1:]
	if len(rest) < 2 {
		return segment{}, errTruncated
	}
	length := int(binary.BigEndian.Uint16(rest))
	if length < 2 {
		return segment{}, errShort
	}
	if length > len(rest) {
		return segment{}, errTruncated
	}
	return segment{marker: data[at], payload: rest[2:length], end: at + 1 + length}, nil
}

// hasStart reports whether data begins as a JPEG file does.
func hasStart(data []byte) bool {
	return len(data) >= 2 && data[0] == 0xFF && data[1] == markerSOI
}
