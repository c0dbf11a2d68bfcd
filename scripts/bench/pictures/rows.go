package main

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/gen2brain/jpegn"
	"github.com/gen2brain/webp"

	"mapfleet/scripts/bench/photos"
)

// makeRows reads the photographs of a folder.
func makeRows(dir string) ([]*row, error) {
	small, large, err := photos.Read(dir)
	if err != nil {
		return nil, err
	}
	var progressive, pngs, webps [][]byte
	for _, data := range large {
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := jpegn.Encode(&b, img, &jpegn.EncodeOptions{Quality: 92, Progressive: true, OptimizeCoding: true}); err != nil {
			return nil, err
		}
		progressive = append(progressive, bytes.Clone(b.Bytes()))
		b.Reset()
		if err := png.Encode(&b, opaque(img)); err != nil {
			return nil, err
		}
		pngs = append(pngs, bytes.Clone(b.Bytes()))
		b.Reset()
		if err := webp.Encode(&b, img, webp.Options{Quality: 80, Method: webp.DefaultMethod}); err != nil {
			return nil, err
		}
		webps = append(webps, bytes.Clone(b.Bytes()))
	}
	rows := []*row{
		{name: "500x375 -> 256", files: small, box: 256},
		{name: "12 MP -> 256", files: large, box: 256},
		{name: "12 MP -> 1024", files: large, box: 1024},
		{name: "12 MP progressive -> 256", files: progressive, box: 256},
		{name: "12 MP progressive -> 1024", files: progressive, box: 1024},
		{name: "12 MP PNG -> 256", files: pngs, box: 256},
		{name: "12 MP WebP -> 256", files: webps, box: 256},
		{name: "12 MP WebP -> 1024", files: webps, box: 1024},
	}
	for _, r := range rows {
		r.wanted = make([]luma, len(r.files))
	}
	return rows, nil
}

// opaque turns a photograph into RGB, which PNG writes in three bytes a pixel.
func opaque(img image.Image) image.Image {
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}
