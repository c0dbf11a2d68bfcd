package picture

import (
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"io"

	"github.com/gen2brain/webp"
)

// maxWebPSide is the longest side that the format can write.
const maxWebPSide = 16_383

// webpMethod is libwebp's effort, 0 to 6. On photographs of 256 and 1024 pixels at quality 80, method 0 takes 6 and 67 ms, 2 takes
// 8 and 106 ms for 15 % fewer bytes, and 4, libwebp's default, 26 and 310 ms for 3 % fewer than 2. Beside a JPEG of the same
// quality and fidelity, which takes 2 and 28 ms, a file of method 2 has a fifth to a quarter fewer bytes.
const webpMethod = 2

// The layouts of pixels that the encoder takes.
const (
	layoutRGBA = 0 // not premultiplied
	layoutYUVA = 4 // planes Y, U, V and alpha, U and V halved both ways
)

// encodeWebP writes the lossy kind, with the alpha that img has.
//
// The encoder is libwebp translated to Go. It is called at its lower level because webp.Encode prefers a libwebp of the system,
// where one is found and the build does not exclude it (tag nodynamic): bytes would depend on the machine, and a fault in it would
// end the process. Nothing is prepared before the first call, and a call takes 70 µs to set up. It takes up to 15 bytes a pixel of RGBA
// and 8 of planes.
func encodeWebP(w io.Writer, img image.Image, quality int) error {
	pixels, layout := forWebP(img)
	size := img.Bounds().Size()
	encoder := webp.New()
	encoder.X_initialize()
	from, length := encoder.Xmalloc(int32(len(pixels))), encoder.Xmalloc(8)
	if from == 0 || length == 0 {
		return errors.New("out of memory")
	}
	copy((*encoder.Xmemory().Slice())[uint32(from):], pixels)
	to := encoder.Xencode(from, int32(size.X), int32(size.Y), length, layout, int32(quality), webpMethod, 0, 0)
	if to == 0 {
		return errors.New("encoder gave up")
	}
	memory := *encoder.Xmemory().Slice()
	_, err := w.Write(memory[uint32(to):][:binary.LittleEndian.Uint32(memory[uint32(length):])])
	return err
}

// forWebP gives the encoder what it reads: the planes of a picture that has them, else RGBA.
func forWebP(img image.Image) (pixels []byte, layout int32) {
	size := img.Bounds().Size()
	switch m := img.(type) {
	case *image.YCbCr:
		if m.SubsampleRatio == image.YCbCrSubsampleRatio420 && m.Rect.Min == (image.Point{}) {
			return studioPlanes(m), layoutYUVA
		}
	case *image.NRGBA:
		if m.Stride == 4*size.X {
			return m.Pix[:m.Stride*size.Y], layoutRGBA
		}
	case *image.RGBA: // opaque, so it is an NRGBA
		if m.Stride == 4*size.X {
			return m.Pix[:m.Stride*size.Y], layoutRGBA
		}
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out.Pix, layoutRGBA
}

// studioPlanes returns the planes of a 4:2:0 picture one behind the other, in the range of VP8, and an opaque one behind them.
func studioPlanes(m *image.YCbCr) []byte {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	halfW, halfH := (w+1)/2, (h+1)/2
	luma, chroma := toStudio()
	out := make([]byte, 0, 2*w*h+2*halfW*halfH)
	for y := range h {
		out = appendMapped(out, m.Y[y*m.YStride:][:w], &luma)
	}
	for _, plane := range [][]byte{m.Cb, m.Cr} {
		for y := range halfH {
			out = appendMapped(out, plane[y*m.CStride:][:halfW], &chroma)
		}
	}
	alpha := out[len(out):cap(out)]
	for i := range alpha {
		alpha[i] = 255
	}
	return out[:cap(out)]
}

func appendMapped(to, samples []byte, table *[256]byte) []byte {
	for _, s := range samples {
		to = append(to, table[s])
	}
	return to
}
