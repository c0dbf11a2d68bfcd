package compactpng

import "testing"

// TestPredict holds the threshold to Paeth's words (PNG, third edition, 9.4): the nearest of the three to left + above - left above,
// ties in this order.
func TestPredict(t *testing.T) {
	distance := func(x, y int) int { return max(x-y, y-x) }
	for a := range 256 {
		for b := range 256 {
			for c := range 256 {
				p := a + b - c
				want := c
				switch pa, pb, pc := distance(p, a), distance(p, b), distance(p, c); {
				case pa <= pb && pa <= pc:
					want = a
				case pb <= pc:
					want = b
				}
				if got := predict(byte(a), byte(b), byte(c)); int(got) != want {
					t.Fatalf("predict(%d, %d, %d) = %d, want %d", a, b, c, got, want)
				}
			}
		}
	}
}

func TestBigrams(t *testing.T) {
	var b bigrams
	for range 600 { // more often than a byte can count
		for line, want := range map[string]int{"": 0, "a": 0, "aaaa": 1, "abab": 2, "abcabd": 4} {
			b.begin()
			if got := b.add([]byte(line)); got != want {
				t.Fatalf("%q has %d bigrams, want %d", line, got, want)
			}
		}
	}
	b.begin()
	if first, again := b.add([]byte("ab")), b.add([]byte("bab")); first != 1 || again != 1 {
		t.Errorf("parts of a line have %d and %d new bigrams, want 1 and 1", first, again)
	}
}
