package pngplanes

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// The vector code gives the bytes of the scalar twins, and touches nothing beside its row.
func TestTwins(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	random := func(n int) []byte {
		p := make([]byte, n, n+64)
		for i := range p {
			p[i] = byte(r.Uint32()) | byte(r.IntN(2)*255)
		}
		copy(p[n:n+64], bytes.Repeat([]byte{0xa5}, 64))
		return p
	}
	untouched := func(p []byte) bool {
		return bytes.Equal(p[len(p):len(p)+64], bytes.Repeat([]byte{0xa5}, 64))
	}
	for width := 1; width < 150; width++ {
		for _, n := range []int{1, 2, 3, 4, 6, 8} {
			line, above := random(width*n), random(width*n)
			for filter := byte(0); filter <= filterPaeth; filter++ {
				got, want := random(width*n), random(width*n)
				if !unfilter(got, line, above, filter, n) {
					t.Fatal("no filter", filter)
				}
				switch filter {
				case filterNone:
					copy(want, line)
				case filterSub:
					subScalar(want, line, 0, n)
				case filterUp:
					upScalar(want, line, above)
				case filterAverage:
					averageScalar(want, line, above, 0, n)
				case filterPaeth:
					paethScalar(want, line, above, 0, n)
				}
				if !bytes.Equal(got, want) || !untouched(got) {
					t.Fatalf("filter %d, %d pixels of %d bytes differ", filter, width, n)
				}
				if back := filtered(want, above, filter, n); !bytes.Equal(back, line) {
					t.Fatalf("filter %d of %d bytes is not its definition", filter, n)
				}
			}
		}
		var got, want [4][]byte
		for i := range got {
			got[i], want[i] = random(width), random(width)
		}
		split3(got[0], got[1], got[2], random(3*width)) // also: less than four is left alone
		p := random(4 * width)
		split3(got[0], got[1], got[2], p[:3*width])
		split3Scalar(want[0], want[1], want[2], p)
		for i := range 3 {
			if !bytes.Equal(got[i], want[i]) || !untouched(got[i]) {
				t.Fatalf("split3 of %d pixels: channel %d differs", width, i)
			}
		}
		split4(got[0], got[1], got[2], got[3], p)
		split4Scalar(want[0], want[1], want[2], want[3], p)
		weigh(got[0], got[3])
		weighScalar(want[0], want[3])
		for i := range 4 {
			if !bytes.Equal(got[i], want[i]) || !untouched(got[i]) {
				t.Fatalf("split4 and weigh of %d pixels: channel %d differs", width, i)
			}
		}
	}
}

// TestPaethOfAllNeighbours meets every left, above and left above: a pixel of any left and left above, then one of any above.
func TestPaethOfAllNeighbours(t *testing.T) {
	const n = 4
	for a := range 256 {
		for c := range 256 {
			row, above := make([]byte, 0, 600), make([]byte, 0, 600)
			for b := range 256 {
				if b%n == 0 {
					row, above = append(row, byte(a), byte(a), byte(a), byte(a)), append(above, byte(c), byte(c), byte(c), byte(c))
				}
				row, above = append(row, byte(a^b)), append(above, byte(b))
			}
			row, above = append(row, 0, 0, 0, 0), append(above, 0, 0, 0, 0) // the last pixel is never a vector's
			got := make([]byte, len(row))
			unfilter(got, filtered(row, above, filterPaeth, n), above, filterPaeth, n)
			if !bytes.Equal(got, row) {
				t.Fatalf("left %d, left above %d: row is wrong", a, c)
			}
		}
	}
}
