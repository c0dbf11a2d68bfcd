package scaledjpeg

import (
	mathbits "math/bits"
	"slices"
)

// bitWriter writes entropy-coded data, with its stuffed zeros.
type bitWriter struct {
	out   []byte
	bits  uint64
	count int
}

func (w *bitWriter) write(value, size int) {
	w.bits = w.bits<<size | uint64(value)&(1<<size-1)
	w.count += size
	for ; w.count >= 8; w.count -= 8 {
		b := byte(w.bits >> (w.count - 8))
		w.out = append(w.out, b)
		if b == 0xFF {
			w.out = append(w.out, 0)
		}
	}
}

func (w *bitWriter) writeMagnitude(value, size int) {
	if value < 0 {
		value--
	}
	w.write(value, size)
}

func (w *bitWriter) flush() {
	if w.count > 0 {
		w.write(0xFF, 8-w.count)
	}
}

func sizeOf(value int) int { return mathbits.Len(uint(max(value, -value))) }

// writtenCode is a Huffman code to write with.
type writtenCode struct {
	counts  [16]byte
	symbols []byte
}

func (c writtenCode) definition() []byte { return append(c.counts[:], c.symbols...) }

func (c writtenCode) write(w *bitWriter, symbol byte) {
	code, index := 0, slices.Index(c.symbols, symbol)
	for n, count := range c.counts {
		if index < int(count) {
			w.write(code+index, n+1)
			return
		}
		index -= int(count)
		code = (code + int(count)) << 1
	}
}

var (
	dcCode = writtenCode{counts: [16]byte{2: 3, 3: 5, 4: 4}, symbols: []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}
	acCode = newACCode()

	bandCode = newBandCode()
)

// newACCode has codes from 2 to 16 bits: more lengths than the lookups reach.
func newACCode() writtenCode {
	c := writtenCode{counts: [16]byte{1: 1, 2: 1, 3: 2, 4: 2, 6: 4, 9: 20, 11: 40, 15: 92}}
	c.symbols = []byte{endOfBlock, 0x01, 0x02, 0x11, 0x03, 0x12, 0x21, 0x31, zeroRun, 0x41}
	for run := range 16 {
		for size := 1; size <= largestAC; size++ {
			if symbol := byte(run<<4 | size); !slices.Contains(c.symbols, symbol) {
				c.symbols = append(c.symbols, symbol)
			}
		}
	}
	return c
}

// newBandCode has the symbols that scans of progressive files need beside: ends of bands for several blocks.
func newBandCode() writtenCode {
	c := writtenCode{counts: [16]byte{1: 1, 2: 1, 3: 2, 4: 4, 6: 4, 7: 4, 9: 20, 11: 40, 12: 8, 15: 92}}
	c.symbols = []byte{0x01, endOfBlock, 0x11, 0x10, 0x02, 0x21, 0x20, 0x30, 0x31, zeroRun, 0x40, 0x12}
	for size := range 15 {
		if symbol := byte(size << 4); !slices.Contains(c.symbols, symbol) {
			c.symbols = append(c.symbols, symbol)
		}
	}
	for _, symbol := range newACCode().symbols {
		if !slices.Contains(c.symbols, symbol) {
			c.symbols = append(c.symbols, symbol)
		}
	}
	return c
}
