package vp8

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkDecode decodes the files $WEBP names, if any; else a photograph of 640×480.
func BenchmarkDecode(b *testing.B) {
	var frames [][]byte
	names, err := filepath.Glob(os.Getenv("WEBP"))
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		frames = append(frames, data[20:])
	}
	if frames == nil {
		frames = append(frames, photo(b, 640, 480, 80, 4))
	}
	var d Decoder
	b.ReportAllocs()
	for b.Loop() {
		for _, frame := range frames {
			m, err := d.Decode(frame)
			if err != nil {
				b.Fatal(err)
			}
			m.Release()
		}
	}
}

// BenchmarkReference is golang.org/x/image on the same.
func BenchmarkReference(b *testing.B) {
	frame := photo(b, 640, 480, 80, 4)
	for b.Loop() {
		if _, err := reference(frame); err != nil {
			b.Fatal(err)
		}
	}
}
