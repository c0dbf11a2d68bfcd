package scaledjpeg

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func sketches() map[string][]byte {
	plain := newSketch(1, 21, 19, 0.3, ycc420...)
	restarted := newSketch(2, 40, 17, 0.2, ycc444...)
	restarted.restart = 2
	apart := newSketch(3, 23, 30, 0.5, ycc420...)
	apart.apart = true
	files := map[string][]byte{
		"plain": plain.encode(), "restarted": restarted.encode(), "apart": apart.encode(),
		"gray": newSketch(5, 9, 9, 1, gray...).encode(),
	}
	files["progressive dense"] = newDense(6, 16, 16, cmyk...).scripted(scripts["many bits"]).encode()
	for i, name := range slices.Sorted(maps.Keys(scripts)) {
		s := newSketch(uint64(i), 33, 17+i, 0.3, ycc420...).scripted(scripts[name])
		s.restart, s.longestRun = []int{0, 4}[i&1], []int{0, 2, 1}[i%3]
		files["progressive "+name] = s.encode()
	}
	return files
}

// Cut at any byte, a file gives an error or, where only what follows its blocks is missing, the same picture.
func TestDecode_truncated(t *testing.T) {
	var d Decoder
	for name, data := range sketches() {
		for _, scale := range scales {
			whole, err := d.Decode(data, scale)
			if err != nil {
				continue
			}
			complete := 0
			for n := range data {
				m, err := d.Decode(data[:n], scale)
				if err != nil {
					if _, ok := errors.AsType[FormatError](err); !ok {
						t.Errorf("Decode(%s[:%d]) at %d/8: %v, want a FormatError", name, n, scale, err)
					}
					continue
				}
				complete++
				if !samePicture(m, whole) {
					t.Errorf("Decode(%s[:%d]) at %d/8 gives another picture than all of it", name, n, scale)
				}
				m.Release()
			}
			most := 3
			switch {
			case name == "progressive "+unfinished: // only the end marker says that there is no more
				most = 0
			case strings.HasPrefix(name, "progressive") && scale < 8: // the last scans may not be needed
				most = len(data)
			}
			if complete < min(2, most) || complete > most {
				t.Errorf("Decode(%s) at %d/8 gives the picture of %d truncated files, want those without the end marker", name, scale, complete)
			}
			whole.Release()
		}
	}
}

// Damage never panics, and vector code says of it what the scalar code says.
func TestDecode_flippedBits(t *testing.T) {
	var d Decoder
	var scalar decoding
	random := rand.New(rand.NewPCG(1, 2))
	for _, data := range sketches() {
		for range 2000 {
			damaged := bytes.Clone(data)
			for range 1 + random.IntN(3) {
				damaged[random.IntN(len(damaged))] ^= 1 << random.IntN(8)
			}
			scale := scales[random.IntN(len(scales))]
			m, err := d.Decode(damaged, scale)
			scalar.reset(&d, scale)
			scalar.vectors = false
			if scalarErr := scalar.decode(damaged); (err == nil) != (scalarErr == nil) || err == nil && !samePicture(m, scalar.image()) {
				t.Errorf("Decode at %d/8: %v; without vector code: %v, or another picture", scale, err, scalarErr)
			}
			m.Release()
		}
	}
}

func samePicture(a, b Image) bool {
	if a.Components != b.Components || a.Width != b.Width || a.Height != b.Height {
		return false
	}
	for i := range a.Components {
		if farthest(a.Planes[i], b.Planes[i]) != 0 {
			return false
		}
	}
	return true
}
