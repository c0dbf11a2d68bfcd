package main

import (
	"bytes"
	"image/jpeg"

	"github.com/gen2brain/jpegn"

	"mapfleet/scripts/bench/photos"
)

// makeRows reads the photographs of a folder.
func makeRows(dir string) ([]*row, error) {
	small, large, err := photos.Read(dir)
	if err != nil {
		return nil, err
	}
	var progressive [][]byte
	for _, data := range large {
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := jpegn.Encode(&b, img, &jpegn.EncodeOptions{Quality: 92, Progressive: true, OptimizeCoding: true}); err != nil {
			return nil, err
		}
		progressive = append(progressive, b.Bytes())
	}
	rows := []*row{
		{name: "500x375 -> 256", files: small, box: 256},
		{name: "12 MP -> 256", files: large, box: 256},
		{name: "12 MP -> 1024", files: large, box: 1024},
		{name: "12 MP progressive -> 256", files: progressive, box: 256},
	}
	for _, r := range rows {
		r.wanted = make([]luma, len(r.files))
	}
	return rows, nil
}
