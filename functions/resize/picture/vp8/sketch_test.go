package vp8

import (
	"cmp"
	"math/rand/v2"
)

// encoder is an arithmetic encoder (RFC 6386, section 7.3).
type encoder struct {
	out    []byte
	span   uint32
	bottom uint32
	count  int
}

func newEncoder() *encoder { return &encoder{span: 255, count: 24} }

func (e *encoder) write(one bool, prob uint8) {
	split := 1 + (e.span-1)*uint32(prob)>>8
	if one {
		e.bottom += split // may carry
		if e.bottom < split {
			e.carry()
		}
		e.span -= split
	} else {
		e.span = split
	}
	for e.span < 128 {
		e.span <<= 1
		if e.bottom>>31 != 0 {
			e.carry()
		}
		e.bottom <<= 1
		if e.count--; e.count == 0 {
			e.out = append(e.out, byte(e.bottom>>24))
			e.bottom &= 1<<24 - 1
			e.count = 8
		}
	}
}

func (e *encoder) carry() {
	for i := len(e.out) - 1; i >= 0; i-- {
		if e.out[i]++; e.out[i] != 0 {
			return
		}
	}
}

func (e *encoder) number(v, n int) {
	for i := n - 1; i >= 0; i-- {
		e.write(v>>i&1 != 0, 128)
	}
}

// delta writes a flag, and behind it v and its sign.
func (e *encoder) delta(v, n int) {
	e.write(v != 0, 128)
	if v != 0 {
		e.number(max(v, -v), n)
		e.write(v < 0, 128)
	}
}

// sketch is a frame of a header that says something, and of noise, which is as good as anything to decode.
type sketch struct {
	width, height int
	seed          uint64
	segments      bool
	mapped        bool
	relative      bool
	simple        bool
	level         int
	sharpness     int
	adjusts       bool
	partitions    int // logarithm
	quantizer     int
	skips         uint8
	dull          bool // there are few tokens, of small values
	room          int  // bytes of tokens for a macroblock, 800 if it is 0
}

func (s sketch) encode() []byte {
	random := rand.New(rand.NewPCG(s.seed, 8))
	within := func(n int) int { return random.IntN(2*n+1) - n }
	e := newEncoder()
	e.number(0, 2)
	e.write(s.segments, 128)
	if s.segments {
		e.write(s.mapped, 128)
		e.number(1, 1)
		e.write(!s.relative, 128)
		for range 4 {
			e.delta(within(40), 7)
		}
		for range 4 {
			e.delta(within(30), 6)
		}
		if s.mapped {
			for range 3 {
				e.number(1, 1)
				e.number(random.IntN(256), 8)
			}
		}
	}
	e.write(s.simple, 128)
	e.number(s.level, 6)
	e.number(s.sharpness, 3)
	e.write(s.adjusts, 128)
	if s.adjusts {
		e.number(1, 1)
		for range 8 {
			e.delta(within(15), 6)
		}
	}
	e.number(s.partitions, 2)
	e.number(s.quantizer, 7)
	for range 5 {
		e.delta(within(8), 4)
	}
	e.number(0, 1)
	s.writeOdds(e, random)
	e.write(s.skips != 0, 128)
	if s.skips != 0 {
		e.number(int(s.skips), 8)
	}
	blocks := (s.width + 15) / 16 * ((s.height + 15) / 16)
	noise := func(n int) (b []byte) {
		for range n {
			b = append(b, byte(random.Uint32()))
		}
		return b
	}
	first := append(e.out, noise(64+12*blocks)...) // what the encoder still holds is noise, too
	frame := []byte{
		byte(len(first)<<5) | 1<<4, byte(len(first) >> 3), byte(len(first) >> 11), 0x9d, 0x01, 0x2a,
		byte(s.width), byte(s.width >> 8), byte(s.height), byte(s.height >> 8),
	}
	frame = append(frame, first...)
	size := 64 + cmp.Or(s.room, 800)*blocks
	for range 1<<s.partitions - 1 {
		frame = append(frame, byte(size), byte(size>>8), byte(size>>16))
	}
	for range 1 << s.partitions {
		frame = append(append(frame, byte(random.IntN(255))), noise(size-1)...)
	}
	return frame
}

func (s sketch) writeOdds(e *encoder, random *rand.Rand) {
	for plane := range updateOdds {
		for band := range updateOdds[plane] {
			for context := range updateOdds[plane][band] {
				for _, prob := range updateOdds[plane][band][context] {
					change := s.dull || random.IntN(4) == 0
					e.write(change, prob)
					if change {
						value := 1 + random.IntN(255)
						if s.dull {
							value = 200 + random.IntN(56)
						}
						e.number(value, 8)
					}
				}
			}
		}
	}
}

// sketches are of every kind that a header can tell of.
func sketches() (all []sketch) {
	random := rand.New(rand.NewPCG(6, 386))
	sides := []int{1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 48, 50, 63, 70, 100}
	for i := range 120 {
		one := func() bool { return random.IntN(2) == 0 }
		s := sketch{
			width: sides[random.IntN(len(sides))], height: sides[random.IntN(len(sides))], seed: uint64(i),
			segments: one(), mapped: one(), relative: one(), simple: random.IntN(4) == 0, level: random.IntN(64),
			adjusts: one(), partitions: random.IntN(4), quantizer: random.IntN(128), dull: random.IntN(3) > 0,
		}
		if one() {
			s.sharpness = random.IntN(8)
		}
		if one() {
			s.skips = uint8(random.IntN(256))
		}
		if random.IntN(8) == 0 {
			s.level = 0
		}
		all = append(all, s)
	}
	return all
}
