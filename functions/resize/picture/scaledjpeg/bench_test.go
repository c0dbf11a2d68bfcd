package scaledjpeg

import (
	"fmt"
	"slices"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	for _, size := range [][2]int{{500, 375}, {4000, 3000}} {
		s := newSketch(1, size[0], size[1], 0.15, ycc420...)
		for _, kind := range []string{"drawn", "progressive"} {
			data := s.encode()
			s.scripted(scripts["libjpeg's"])
			for _, scale := range scales {
				b.Run(fmt.Sprintf("%s-%dx%d/%d-8", kind, size[0], size[1], scale), func(b *testing.B) {
					benchmarkFiles(b, [][]byte{data}, scale)
				})
			}
		}
	}
}

func BenchmarkDecode_photos(b *testing.B) {
	for _, folder := range []string{"small", "large"} {
		files := photos(b, folder+"/*.jpg")
		for _, scale := range scales {
			b.Run(fmt.Sprintf("%s/%d-8", folder, scale), func(b *testing.B) {
				var data [][]byte
				for _, file := range files {
					data = append(data, file)
				}
				slices.SortFunc(data, slices.Compare[[]byte])
				benchmarkFiles(b, data, scale)
			})
		}
	}
}

func benchmarkFiles(b *testing.B, files [][]byte, scale int) {
	b.ReportAllocs()
	var d Decoder
	for i := 0; b.Loop(); i++ {
		m, err := d.Decode(files[i%len(files)], scale)
		if err != nil {
			b.Fatal(err)
		}
		m.Release()
	}
}
