package baselinejpeg

import "slices"

// mostTokens is about how many tokens are kept, of 4 bytes each: those of a picture of several megapixels.
const mostTokens = 1 << 21

// encoding is one picture being encoded, and memory to encode others with.
type encoding struct {
	layout
	quality    int // of steps and quantizers
	steps      [2][64]uint8
	quantizers [2]quantizer

	strip strip
	tokenizer
	huffman [classes]huffman
	writer  writer
}

// drop forgets the picture but keeps memory.
func (e *encoding) drop() { e.layout = layout{} }

// encode adds the file of a picture, whose layout is taken. One that has more tokens than are to be kept is gone through twice.
func (e *encoding) encode(to []byte, quality, keep int) []byte {
	e.prepare(quality)
	kept := true
	e.eachStrip(func() {
		if kept = kept && len(e.tokens) <= keep; !kept {
			e.tokens = e.tokens[:0]
		}
	})
	to = e.begin(to)
	if !kept {
		e.eachStrip(func() {
			to = e.writer.write(to, e.tokens)
			e.tokens = e.tokens[:0]
		})
	}
	to = e.writer.write(to, e.tokens)
	return append(e.writer.end(to), 0xff, markerEOI)
}

// prepare makes ready for a picture.
func (e *encoding) prepare(quality int) {
	if quality != e.quality {
		for i := range e.quantizers {
			e.steps[i] = steps(&baseTables[i], quality)
			e.quantizers[i] = newQuantizer(&e.steps[i])
		}
		e.quality = quality
	}
	for i := range e.components {
		e.components[i].quantizer = &e.quantizers[min(i, 1)]
	}
	e.tokens, e.counts = e.tokens[:0], histogram{}
	e.writer.pending, e.writer.used = 0, 0
}

// eachStrip adds the tokens of one strip after the other, and calls done after each.
func (e *encoding) eachStrip(done func()) {
	var room [mostBlocks]slot
	slots := e.slots(&room)
	e.dc = [3]int32{}
	for y := range e.mcusHigh {
		for x := 0; x < e.mcusWide; x += mcusOfStrip {
			count := min(mcusOfStrip, e.mcusWide-x)
			e.strip.fill(&e.layout, x, y, count)
			e.tokens = slices.Grow(e.tokens, count*len(slots)*mostTokensOfBlock)
			e.add(&e.strip, slots, e.components, count)
			done()
		}
	}
}

// begin adds all that comes before the first token, and makes room for the tokens that have been counted.
func (e *encoding) begin(to []byte) []byte {
	for i := range e.huffman[:2*min(2, len(e.components))] {
		class := token(i) * symbols
		e.huffman[i].fit(e.counts[class:][:symbols])
		e.huffman[i].set(&e.writer.codes, class)
	}
	const header, stuffing = 640, 64 // a zero for each so many bytes, and then some
	size := bitsOf(&e.writer.codes, &e.counts) / 8
	return e.appendHeader(slices.Grow(to, header+size+size/stuffing))
}
