package scaledjpeg

import "bytes"

// overrun is the zeros after the entropy-coded data: more than the bytes of an MCU of 10 blocks, whose 64 codes
// and magnitudes have at most 32 bits each, and what a refill reads ahead. So a reader that begins an MCU within
// the data stays within the buffer.
const overrun = mostBlocks*64*4 + 16

// entropy is the entropy-coded data of a scan without its stuffed zeros, as one run of bytes.
type entropy struct {
	data []byte
	ends []int // of the restart intervals; the last is that of the data
}

// reserve makes room for any scan of so many bytes of a file.
func (e *entropy) reserve(encoded int) { e.data = resize(e.data, encoded+overrun) }

// load copies the scan that data begins with, which there is room for, and returns the offset of the marker after it.
// Restart markers must come in their order.
func (e *entropy) load(data []byte) (int, error) {
	e.data, e.ends = e.data[:0], e.ends[:0]
	at := 0
	for {
		end := at + bytes.IndexByte(data[at:], 0xFF)
		if end < at { // the file ends with the scan
			end = len(data)
		}
		next := byte(markerEOI)
		if end+1 < len(data) {
			next = data[end+1]
		}
		switch {
		case next == 0: // a stuffed zero: 0xFF is data
			e.data = append(e.data, data[at:end+1]...)
			at = end + 2
		case next == 0xFF: // a fill byte
			e.data = append(e.data, data[at:end]...)
			at = end + 1
		case next >= markerRST0 && next <= markerRST7:
			if int(next-markerRST0) != len(e.ends)&7 {
				return 0, FormatError("restart marker out of order")
			}
			e.data = append(e.data, data[at:end]...)
			e.ends = append(e.ends, len(e.data))
			at = end + 2
		default:
			e.data = append(e.data, data[at:end]...)
			e.ends = append(e.ends, len(e.data))
			e.data = append(e.data, make([]byte, overrun)...)
			return end, nil
		}
	}
}

// skipEntropy returns the offset of the first marker in data that does not belong to a scan.
func skipEntropy(data []byte) int {
	for at := 0; ; {
		found := bytes.IndexByte(data[at:], 0xFF)
		if found < 0 || at+found+1 == len(data) {
			return len(data)
		}
		at += found
		switch m := data[at+1]; {
		case m == 0xFF:
			at++
		case m == 0, m >= markerRST0 && m <= markerRST7:
			at += 2
		default:
			return at
		}
	}
}
