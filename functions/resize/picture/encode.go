package picture

import (
	"bytes"
	"image"
	"image/gif"
	"sync"

	"mapfleet/functions/resize/picture/baselinejpeg"
	"mapfleet/functions/resize/picture/compactpng"
)

// encode writes img, which a drawing made, and returns bytes that are the caller's.
func encode(img image.Image, format Format, quality int) (out []byte, err error) {
	doing := "encode " + string(format)
	defer contain(EncodeFailed, doing, &err)
	switch format {
	case JPEG:
		out, err = jpegEncoder.Append(nil, forJPEG(img), quality)
	case PNG:
		out, err = pngEncoder.Append(nil, forPNG(img))
	default:
		out, err = written(img, format, quality)
	}
	if err != nil {
		return nil, failWith(EncodeFailed, doing, err)
	}
	return out, nil
}

// written is of the encoders that write piece by piece.
func written(img image.Image, format Format, quality int) (out []byte, err error) {
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.Reset()
	switch format {
	case GIF:
		err = gif.Encode(w, forGIF(img), nil)
	case WebP:
		err = encodeWebP(w, img, quality)
	}
	return bytes.Clone(w.Bytes()), err
}

// The encoders are shared, so that their memory serves one picture after the other.
var (
	jpegEncoder baselinejpeg.Encoder
	pngEncoder  compactpng.Encoder
)

// writers keeps output buffers at the size of the outputs.
var writers = sync.Pool{New: func() any { return new(writer) }}

// writer has the methods by which image/gif writes to it directly.
type writer struct{ bytes.Buffer }

func (w *writer) Flush() error { return nil }

// forJPEG gives the encoder planes, or gray. Of pixels chroma is halved both ways, as nearly every JPEG has it.
func forJPEG(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.NRGBA:
		if gray, ok := asGray(m); ok {
			return gray
		}
		return baselinejpeg.FromRGB(m)
	case *image.RGBA: // opaque, so it is an NRGBA, but not to be gray
		return baselinejpeg.FromRGB(&image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect})
	}
	return img
}

// forPNG picks the smallest layout that loses nothing: gray, palette, or as it is.
func forPNG(img image.Image) image.Image {
	m, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	if gray, ok := asGray(m); ok {
		return gray
	}
	if indexed, ok := asIndexed(m); ok {
		return indexed
	}
	return m
}

// forGIF keeps up to 256 colours as they are, and picks 255 or 256 for a picture that has more.
func forGIF(img image.Image) image.Image {
	if m, ok := img.(*image.Gray); ok {
		return grayIndexed(m)
	}
	m, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	threshold(m)
	if indexed, ok := asIndexed(m); ok {
		return indexed
	}
	return quantize(m, maxColors)
}

// asGray returns img with one sample a pixel if it is gray and opaque throughout.
func asGray(img *image.NRGBA) (*image.Gray, bool) {
	for i := 0; i < len(img.Pix); i += 4 {
		if p := img.Pix[i : i+4 : i+4]; p[0] != p[1] || p[0] != p[2] || p[3] != 255 {
			return nil, false
		}
	}
	out := image.NewGray(img.Rect)
	for i := range out.Pix {
		out.Pix[i] = img.Pix[4*i]
	}
	return out, true
}
