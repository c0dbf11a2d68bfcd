package vp8

// Planes of tokenOdds.
const (
	lumaWithoutMeans = iota
	means
	chroma
	luma
)

// odds are tokenOdds of a plane by the coefficient's index instead of its band, with room to index without checks.
type odds [32][4][16]uint8

// oddsBytes is how much of them there is for an index.
//
//lint:ignore U1000 read by the assembly
const oddsBytes = 4 * 16

// bands are those of the coefficients (RFC 6386, section 13.3); the one after the last is never looked at.
var bands = [17]uint8{0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0}

func (d *decoding) spreadOdds() {
	for plane := range d.spread {
		for i, band := range bands {
			for context, from := range d.odds[plane][band] {
				copy(d.spread[plane][i][context][:], from[:])
			}
		}
	}
}

// places are where coefficients go, in the order of the zigzag: rows of four blocks side by side lie one behind the other.
var places = [16]uint8{0, 1, 16, 32, 17, 2, 3, 18, 33, 48, 49, 34, 19, 35, 50, 51}

// bandCoefficients is how many a band of four blocks has.
const bandCoefficients = 64

// largeOdds are those of the bits of large values (section 13.2).
var largeOdds = [4][16]uint8{
	{173, 148, 140},
	{176, 155, 140, 135},
	{180, 157, 141, 134, 130},
	{254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129},
}

// readBlock reads coefficients of a block from index i on, and puts them, multiplied, to their places. It returns whether there was
// a token, and adds the bits of what is largest to peak.
func (p *partition) readBlock(table *odds, context, i int, factors *[2]int32, to *[bandCoefficients]int16, peak *int32) int {
	b, data := p.bits.refill(p.data), p.data
	odds := &table[i&31][context&3]
	b, one := b.read(odds[0])
	if !one {
		p.bits = b
		return 0
	}
	for {
		b = b.refill(data)
		if b, one = b.read(odds[1]); !one {
			i++
			if i == 16 {
				break
			}
			odds = &table[i&31][0]
			continue
		}
		next := &table[(i+1)&31]
		value := int32(1)
		if b, one = b.read(odds[2]); !one {
			odds = &next[1]
		} else {
			if b, one = b.read(odds[3]); !one {
				value = 2
				if b, one = b.read(odds[4]); one {
					value = 3
					if b, one = b.read(odds[5]); one {
						value = 4
					}
				}
			} else {
				b, value = b.readLarge(data, odds)
				b = b.refill(data)
			}
			odds = &next[2]
		}
		value *= factors[min(i, 1)]
		*peak |= value
		b, value = b.negated(value)
		to[places[i&15]&63] = int16(value)
		i++
		if i == 16 {
			break
		}
		if b, one = b.read(odds[0]); !one {
			break
		}
	}
	p.bits = b
	return 1
}

// readLarge reads a value of 5 or more.
func (b bits) readLarge(data []byte, odds *[16]uint8) (bits, int32) {
	b, one := b.read(odds[6])
	if !one {
		if b, one = b.read(odds[7]); !one {
			b, one = b.read(159)
			return b, 5 + number(one)
		}
		b = b.refill(data)
		b, one = b.read(165)
		value := 7 + 2*number(one)
		b, one = b.read(145)
		return b, value + number(one)
	}
	b = b.refill(data)
	b, one = b.read(odds[8])
	category := 2 * number(one)
	b, one = b.read(odds[9+number(one)])
	category += number(one)
	value := int32(0)
	for _, prob := range largeOdds[category] {
		if prob == 0 {
			break
		}
		b = b.refill(data)
		b, one = b.read(prob)
		value = 2*value + number(one)
	}
	return b, value + 3 + 8<<category
}

func number(one bool) int32 {
	if one {
		return 1
	}
	return 0
}
