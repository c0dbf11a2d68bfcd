package baselinejpeg

import (
	"bytes"
	"testing"
)

// FuzzAppend wants a file of every picture and quality, which two decoders read alike.
func FuzzAppend(f *testing.F) {
	f.Add([]byte("samples"), uint8(17), uint8(9), uint8(4), uint8(84))
	f.Add([]byte{0, 255}, uint8(0), uint8(0), uint8(0), uint8(99))
	f.Add([]byte{0, 255, 255, 0, 1}, uint8(64), uint8(33), uint8(2), uint8(0))
	var e Encoder
	f.Fuzz(func(t *testing.T, samples []byte, width, height, kind, level uint8) {
		m, quality := blank(int(width)+1, int(height)+1, ratios[int(kind)%len(ratios)]), int(level)%100+1
		at := 0
		for _, p := range planesOf(m) {
			for i := range p.Pix {
				if len(samples) > 0 {
					p.Pix[i] = samples[at%len(samples)] + byte(at/len(samples))*kind
					at++
				}
			}
		}
		data := encoded(t, &e, m, quality)
		for i, apart := range check(t, data, m) {
			if quality == 100 && apart > 1 {
				t.Errorf("plane %d has a mean squared error of %.2f at quality 100, want 1 at most", i, apart)
			}
		}
		if again := encoded(t, &e, m, quality); !bytes.Equal(again, data) {
			t.Error("the same picture has two files")
		}
	})
}
