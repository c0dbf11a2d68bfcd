package baselinejpeg

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Tokens written in any portions give the bits that stand in their codes, one behind the other.
func TestWriter(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	for n := range 20 {
		var w writer
		for i := range w.codes {
			length := token(1 + random.IntN(longestCode))
			category := token(i) & categoryMask % (mostCategory + 1)
			ones := token(random.Uint32())
			if n%2 == 0 {
				ones = 1<<32 - 1 // many bytes of 0xff
			}
			w.codes[i] = ones&(1<<length-1)<<category<<codeBits | (length + category)
		}
		tokens := make([]token, random.IntN(3*tokensOfBatch))
		var want strings.Builder
		for i := range tokens {
			symbol := token(random.IntN(classes * symbols))
			category := symbol & categoryMask % (mostCategory + 1)
			amplitude := token(random.Uint32()) & (1<<category - 1)
			tokens[i] = symbol | amplitude<<symbolBits
			code := w.codes[symbol]
			fmt.Fprintf(&want, "%0*b", int(code&codeMask), code>>codeBits|amplitude)
		}
		var got []byte
		for rest := tokens; len(rest) > 0; {
			portion := min(len(rest), 1+random.IntN(tokensOfBatch*2))
			got = w.write(got, rest[:portion])
			rest = rest[portion:]
		}
		got = w.end(got)
		if bare := bytes.ReplaceAll(got, []byte{0xff, 0}, []byte{0xff}); len(bare) != len(got)-bytes.Count(bare, []byte{0xff}) {
			t.Fatalf("%d tokens: not every 0xff has a 0 behind it", len(tokens))
		} else if got := inBits(bare); got != padded(want.String()) {
			t.Fatalf("%d tokens: bits differ from those of the codes", len(tokens))
		}
	}
}

func inBits(data []byte) string {
	var s strings.Builder
	for _, b := range data {
		fmt.Fprintf(&s, "%08b", b)
	}
	return s.String()
}

// padded fills up the last byte with ones.
func padded(bits string) string { return bits + strings.Repeat("1", (8-len(bits)%8)%8) }
