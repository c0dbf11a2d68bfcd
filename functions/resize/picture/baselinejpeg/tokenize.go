package baselinejpeg

import "math/bits"

// tokenizer turns blocks into tokens, and counts them.
type tokenizer struct {
	tokens []token
	counts histogram
	dc     [3]int32 // of the last block of each component
}

// add makes tokens of count MCUs in a strip. A made-up block repeats the last one's DC, in the fewest bits.
func (t *tokenizer) add(s *strip, slots []slot, components []component, count int) {
	for mcu := range count {
		for _, slot := range slots {
			at := slot.first + mcu*slot.step
			class := components[slot.component].class
			blk, mask := &s.blocks[at], s.masks[at]
			dc := t.dc[slot.component]
			if mask&inPicture != 0 {
				dc = int32(blk[0])
			}
			t.addBlock(class|amplitude(dc-t.dc[slot.component]), class+acClass, blk, mask&^inPicture)
			t.dc[slot.component] = dc
		}
	}
}

// addBlock adds the token of DC and those of the coefficients that mask names.
func (t *tokenizer) addBlock(dc, class token, blk *block, mask uint64) {
	out := t.tokens[len(t.tokens):][:mostTokensOfBlock]
	counts := &t.counts
	counts[dc&symbolMask]++
	out[0] = dc
	n, last := 1, 0
	for ; mask != 0; mask &= mask - 1 {
		k := bits.TrailingZeros64(mask) & 63
		run := k - last - 1
		last = k
		for ; run > 15; run -= 16 {
			counts[(class+zeroRun)&symbolMask]++
			out[n&63] = class + zeroRun
			n++
		}
		ac := class + token(run)<<4 + amplitude(int32(blk[k]))
		counts[ac&symbolMask]++
		out[n&63] = ac
		n++
	}
	if last != 63 {
		counts[class+endOfBlock]++
		out[n] = class + endOfBlock
		n++
	}
	t.tokens = t.tokens[:len(t.tokens)+n]
}
