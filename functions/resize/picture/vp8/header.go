package vp8

// header is what a frame says of itself before its macroblocks (RFC 6386, section 9).
type header struct {
	width, height int
	segments      segments
	filter        filterHeader
	odds          tokenOdds
	skips         bool  // macroblocks without tokens are marked
	skipOdds      uint8 // how likely they have some
	first         partition
	tokens        []partition // 1, 2, 4 or 8
}

const (
	frameTag  = 3 // bytes
	keyHeader = 7
)

// ReadSize returns the width and height of a key frame. Its errors are those of Decoder.Decode.
func ReadSize(frame []byte) (width, height int, err error) {
	width, height, _, err = readSize(frame)
	return width, height, err
}

// readSize reads what is not coded arithmetically (section 9.1): the size of the first partition, too.
func readSize(frame []byte) (width, height, first int, err error) {
	if len(frame) < frameTag {
		return 0, 0, 0, errTruncated
	}
	if frame[0]&1 != 0 {
		return 0, 0, 0, errInter
	}
	if len(frame) < frameTag+keyHeader {
		return 0, 0, 0, errTruncated
	}
	if string(frame[3:6]) != "\x9d\x01\x2a" {
		return 0, 0, 0, errStart
	}
	width = int(frame[6]) | int(frame[7]&63)<<8 // above are hints for a display to scale
	height = int(frame[8]) | int(frame[9]&63)<<8
	if width == 0 || height == 0 {
		return 0, 0, 0, errEmpty
	}
	return width, height, int(frame[0])>>5 | int(frame[1])<<3 | int(frame[2])<<11, nil
}

// readHeader takes memory for a few kilobytes at most.
func (h *header) readHeader(frame []byte) error {
	width, height, size, err := readSize(frame)
	if err != nil {
		return err
	}
	rest := frame[frameTag+keyHeader:]
	if size > len(rest) {
		return errTruncated
	}
	*h = header{width: width, height: height, odds: defaultOdds, tokens: h.tokens[:0], first: newPartition(rest[:size])}
	p := &h.first
	p.flag() // colour space: there is but one
	p.flag() // whether sums may leave a byte: they are clamped in any case
	h.segments.read(p)
	h.filter.read(p)
	if err := p.check(); err != nil {
		return err
	}
	if err := h.splitTokens(rest[size:], 1<<p.number(2)); err != nil {
		return err
	}
	h.segments.readFactors(p)
	p.flag() // what later frames may refer to
	h.readOdds(p)
	if h.skips = p.flag(); h.skips {
		h.skipOdds = uint8(p.number(8))
	}
	return p.check()
}

// splitTokens finds the partitions of tokens: their sizes come first, but for the last one's, which has the rest (section 9.5).
func (h *header) splitTokens(rest []byte, count int) error {
	const sizeBytes = 3
	sizes := sizeBytes * (count - 1)
	if sizes > len(rest) {
		return errTruncated
	}
	data := rest[sizes:]
	for i := range count - 1 {
		s := rest[sizeBytes*i:]
		size := int(s[0]) | int(s[1])<<8 | int(s[2])<<16
		if size > len(data) {
			return errTruncated
		}
		h.tokens = append(h.tokens, newPartition(data[:size:size]))
		data = data[size:]
	}
	h.tokens = append(h.tokens, newPartition(data))
	return nil
}

func (h *header) readOdds(p *partition) {
	for plane := range h.odds {
		for band := range h.odds[plane] {
			for context := range h.odds[plane][band] {
				for i := range h.odds[plane][band][context] {
					if p.chance(updateOdds[plane][band][context][i]) {
						h.odds[plane][band][context][i] = uint8(p.number(8))
					}
				}
			}
		}
	}
}
