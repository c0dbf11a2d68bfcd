package baselinejpeg

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestHuffman(t *testing.T) {
	fibonacci, tops := make([]uint64, symbols), make([]uint64, symbols)
	for i, a, b := 0, uint64(1), uint64(1); i < 60; i, a, b = i+1, b, a+b {
		fibonacci[i*4] = a
	}
	equal, one, growing := make([]uint64, symbols), make([]uint64, symbols), make([]uint64, symbols)
	one[7] = 5
	for i := range symbols {
		equal[i], growing[i] = 3, uint64(i*i*i)
		tops[i] = 1
	}
	tops[9] = 1 << 50
	cases := map[string][]uint64{"fibonacci": fibonacci, "all": equal, "one": one, "growing": growing, "one of all": tops}
	random := rand.New(rand.NewPCG(13, 14))
	for _, name := range []string{"few", "many", "steep"} {
		counts := make([]uint64, symbols)
		for i := range counts {
			switch {
			case name == "few" && random.IntN(20) == 0, name == "many":
				counts[i] = random.Uint64N(1000)
			case name == "steep":
				counts[i] = 1 << random.IntN(40)
			}
		}
		cases[name] = counts
	}
	for name, counts := range cases {
		t.Run(name, func(t *testing.T) {
			var h huffman
			h.fit(counts)
			checkHuffman(t, &h, counts)
		})
	}
}

func checkHuffman(t *testing.T, h *huffman, counts []uint64) {
	var table codes
	h.set(&table, 0)
	used, space, bits := 0, 0, uint64(0)
	for symbol, count := range counts {
		if count == 0 {
			continue
		}
		used++
		length := int(table[symbol]&codeMask) - symbol&categoryMask
		if length < 1 || length > longestCode {
			t.Fatalf("symbol %d has a code of %d bits", symbol, length)
		}
		if code := table[symbol] >> codeBits >> (symbol & categoryMask); code == 1<<length-1 {
			t.Errorf("symbol %d has a code of %d ones, which is reserved", symbol, length)
		}
		space += 1 << (longestCode - length)
		bits += count * uint64(length)
	}
	if got := slices.Sorted(slices.Values(h.symbols)); len(slices.Compact(got)) != used {
		t.Errorf("the table has symbols %v, want %d", h.symbols, used)
	}
	if space >= 1<<longestCode {
		t.Errorf("codes overlap: they take %d of %d", space, 1<<longestCode)
	}
	// Without a limit it can't be shorter, and with one it should not be much longer.
	least := unlimited(counts)
	if bits < least || bits > least+least/50+16 {
		t.Errorf("all counted symbols take %d bits, without a limit %d", bits, least)
	}
}

// unlimited is how many bits counted symbols take by Huffman's codes, one of 0 beside them.
func unlimited(counts []uint64) (sum uint64) {
	heap := []uint64{0}
	for _, count := range counts {
		if count > 0 {
			heap = append(heap, count)
		}
	}
	for len(heap) > 1 {
		slices.Sort(heap)
		joined := heap[0] + heap[1]
		sum += joined
		heap = append(heap[2:], joined)
	}
	return sum
}
