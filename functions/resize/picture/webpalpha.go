package picture

import (
	"bytes"
	"image"
	"io"

	"golang.org/x/image/vp8l"
)

// decodeTranslucent decodes a WebP of lossy pixels with alpha, to one of the layouts that plain promises. ok is false for all others,
// and for whatever is wrong: the general decoder says what.
func decodeTranslucent(source []byte, info Info) (img image.Image, ok bool) {
	if info.Format != WebP {
		return nil, false
	}
	frame, chunk, ok := lossyFrame(source)
	if !ok || chunk == nil || !sized(frame, info) {
		return nil, false
	}
	size := info.stored()
	alpha, ok := decodeAlpha(chunk, size)
	if !ok {
		return nil, false
	}
	m, err := vp8Decoder.Decode(frame)
	if err != nil {
		return nil, false
	}
	img, err = plain(&image.NYCbCrA{
		YCbCr: image.YCbCr{
			Y: m.Planes[0].Pix, YStride: m.Planes[0].Stride,
			Cb: m.Planes[1].Pix, Cr: m.Planes[2].Pix, CStride: m.Planes[1].Stride,
			SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rectangle{Max: size},
		},
		A: alpha, AStride: size.X,
	}, image.Rectangle{Max: size})
	if err != nil {
		return nil, false
	}
	if _, shared := img.(*image.YCbCr); !shared {
		m.Release()
	}
	return img, true
}

// decodeAlpha decodes a chunk of alpha, without gaps between rows: a byte of flags, and samples as they are, or as the green of a
// lossless picture without its header.
func decodeAlpha(chunk []byte, size image.Point) (alpha []byte, ok bool) {
	const stored, lossless = 0, 1
	if len(chunk) == 0 {
		return nil, false
	}
	flags, samples := chunk[0], chunk[1:]
	n := size.X * size.Y
	switch flags & 3 {
	case stored:
		if len(samples) < n {
			return nil, false
		}
		alpha = bytes.Clone(samples[:n])
	case lossless:
		w, h := size.X-1, size.Y-1
		header := []byte{0x2f, byte(w), byte(w>>8) | byte(h<<6), byte(h >> 2), byte(h >> 10)}
		img, err := vp8l.Decode(io.MultiReader(bytes.NewReader(header), bytes.NewReader(samples)))
		m, isNRGBA := img.(*image.NRGBA)
		if err != nil || !isNRGBA || len(m.Pix) != 4*n {
			return nil, false
		}
		alpha = make([]byte, n)
		for i := range alpha {
			alpha[i] = m.Pix[4*i+1]
		}
	default:
		return nil, false
	}
	unfilterAlpha(alpha, size.X, flags>>2&3)
	return alpha, true
}

// unfilterAlpha adds to each sample what its filter predicts: the sample to the left, that above, or the gradient of both and the corner.
// The first row goes by the left in any case, and the first column by what is above.
func unfilterAlpha(alpha []byte, width int, filter byte) {
	const none, left, above = 0, 1, 2
	if filter == none {
		return
	}
	for x := 1; x < width; x++ {
		alpha[x] += alpha[x-1]
	}
	for at := width; at < len(alpha); at += width {
		up, row := alpha[at-width:at], alpha[at:at+width]
		row[0] += up[0]
		for x := 1; x < width; x++ {
			switch filter {
			case left:
				row[x] += row[x-1]
			case above:
				row[x] += up[x]
			default:
				row[x] += byte(min(max(int(row[x-1])+int(up[x])-int(up[x-1]), 0), 255))
			}
		}
	}
}
