package scaledjpeg

import (
	"encoding/binary"
	"math/rand/v2"
)

// sketch is a JPEG file to be made from coefficients, so that a test knows what each block must give.
type sketch struct {
	width, height int
	sampling      []Sampling
	restart       int
	apart         bool   // each component in a scan of its own; of a progressive one, its DC scans
	passes        []pass // of a progressive one
	longestRun    int    // blocks that one end of band may stand for; 0: 32767
	divisors      [64]uint16
	adobe         []byte // transform
	names         string // of the components; by default 1, 2, 3 and 4

	components []sketched
}

// sketched is a component's coefficients in zigzag order, of all blocks of all MCUs.
type sketched struct {
	wide, high   int // blocks
	valid        [2]int
	coefficients [][64]int
}

// newSketch draws coefficients, more of them the higher density (0 to 1) is.
func newSketch(seed uint64, width, height int, density float64, sampling ...Sampling) *sketch {
	random := rand.New(rand.NewPCG(seed, 1))
	s := &sketch{width: width, height: height, sampling: sampling}
	for k := range s.divisors {
		s.divisors[k] = uint16(1 + k/4 + random.IntN(4))
	}
	largest := Header{Components: len(sampling), Sampling: [4]Sampling(append(sampling[:len(sampling):len(sampling)], make([]Sampling, 4)...))}.largestSampling()
	for _, f := range sampling {
		if len(sampling) == 1 {
			f, largest = Sampling{1, 1}, Sampling{1, 1}
		}
		c := sketched{
			wide:  divideUp(width, 8*largest.Horizontal) * f.Horizontal,
			high:  divideUp(height, 8*largest.Vertical) * f.Vertical,
			valid: [2]int{divideUp(width*f.Horizontal, largest.Horizontal), divideUp(height*f.Vertical, largest.Vertical)},
		}
		c.coefficients = make([][64]int, c.wide*c.high)
		for i := range c.coefficients {
			c.coefficients[i] = drawBlock(random, density)
		}
		s.components = append(s.components, c)
	}
	return s
}

func drawBlock(random *rand.Rand, density float64) (b [64]int) {
	b[0] = random.IntN(400) - 200
	switch random.IntN(8) {
	case 0: // only DC
	case 1: // no end of block
		b[63] = 1 - 2*random.IntN(2)
		fallthrough
	default:
		for k := 1; k < 64; k++ {
			if random.Float64() < density {
				b[k] = int(random.NormFloat64() * 40 / float64(k))
			}
		}
	}
	return b
}

func (s *sketch) encode() []byte {
	out := []byte{0xFF, markerSOI}
	if s.adobe != nil {
		out = appendSegment(out, markerAPP14, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), s.adobe...))
	}
	table := []byte{0x10}
	for _, d := range s.divisors {
		table = binary.BigEndian.AppendUint16(table, d)
	}
	out = appendSegment(out, markerDQT, table)
	frame := []byte{8, byte(s.height >> 8), byte(s.height), byte(s.width >> 8), byte(s.width), byte(len(s.sampling))}
	for i, f := range s.sampling {
		frame = append(frame, s.name(i), byte(f.Horizontal<<4|f.Vertical), 0)
	}
	marker, ac := byte(markerSOF0), acCode
	if s.passes != nil {
		marker, ac = markerSOF2, bandCode
	}
	out = appendSegment(out, marker, frame)
	out = appendSegment(out, markerDHT, append([]byte{0x00}, dcCode.definition()...))
	out = appendSegment(out, markerDHT, append([]byte{0x10}, ac.definition()...))
	if s.restart > 0 {
		out = appendSegment(out, markerDRI, binary.BigEndian.AppendUint16(nil, uint16(s.restart)))
	}
	if s.passes == nil {
		out = s.appendScans(out, pass{last: 63}, s.apart)
	}
	for _, p := range s.passes {
		out = s.appendScans(out, p, s.apart || p.first > 0)
	}
	return append(out, 0xFF, markerEOI)
}

func (s *sketch) name(i int) byte {
	if s.names != "" {
		return s.names[i]
	}
	return byte(i + 1)
}

func appendSegment(out []byte, marker byte, payload []byte) []byte {
	out = append(out, 0xFF, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(payload)+2))
	return append(out, payload...)
}
