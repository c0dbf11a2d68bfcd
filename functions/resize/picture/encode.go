package picture

import (
	"bytes"
	"image"
	"image/gif"
	"image/png"
	"sync"

	"github.com/gen2brain/jpegn"
)

// encode writes img, which paint made, and returns bytes that are the caller's.
func encode(img image.Image, format Format, quality int) (out []byte, err error) {
	doing := "encode " + string(format)
	defer contain(EncodeFailed, doing, &err)
	w := writers.Get().(*writer)
	defer writers.Put(w)
	w.Reset()
	switch format {
	case JPEG:
		m := forJPEG(img)
		err = jpegn.Encode(w, m, &jpegn.EncodeOptions{Quality: quality, Subsampling: subsampling(m), OptimizeCoding: true})
	case PNG:
		err = pngEncoder.Encode(w, forPNG(img))
	case GIF:
		err = gif.Encode(w, forGIF(img), nil)
	case WebP:
		err = encodeWebP(w, img, quality)
	}
	if err != nil {
		return nil, failWith(EncodeFailed, doing, err)
	}
	return bytes.Clone(w.Bytes()), nil
}

// pngEncoder uses the default level: on photographs of 256 x 192 pixels it takes 11 ms and 73 kB where BestSpeed takes 3.4 ms
// and 78 kB. An output is kept and read longer than it takes to make.
var pngEncoder = png.Encoder{BufferPool: new(pngBuffers)}

// writers keeps output buffers at the size of the outputs.
var writers = sync.Pool{New: func() any { return new(writer) }}

// writer has the methods by which image/jpeg and image/gif write to it directly.
type writer struct{ bytes.Buffer }

func (w *writer) Flush() error { return nil }

type pngBuffers struct{ pool sync.Pool }

func (p *pngBuffers) Get() *png.EncoderBuffer {
	b, _ := p.pool.Get().(*png.EncoderBuffer)
	return b
}

func (p *pngBuffers) Put(b *png.EncoderBuffer) { p.pool.Put(b) }

// forJPEG gives the encoder a layout that it is quick with. An opaque NRGBA is an RGBA.
func forJPEG(img image.Image) image.Image {
	m, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	if gray, ok := asGray(m); ok {
		return gray
	}
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

// subsampling halves chroma both ways, as nearly every JPEG has it, whatever a picture that is taken over as it is had.
func subsampling(img image.Image) jpegn.Subsampling {
	if _, gray := img.(*image.Gray); gray {
		return jpegn.SubsampleGray
	}
	return jpegn.Subsample420
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
	m, ok := img.(*image.NRGBA)
	if !ok {
		return img
	}
	threshold(m)
	if indexed, ok := asIndexed(m); ok {
		return indexed
	}
	return quantize(m)
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
