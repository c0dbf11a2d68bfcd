// Package avif writes pictures as AVIF.
//
// The encoder is libaom compiled to WebAssembly, which is translated for the processor when the first picture is encoded: that takes
// 1.2 s, and a process that encodes none has spent nothing. It is a package of its own so that a function without it is 2 MB smaller,
// zipped.
package avif

import (
	"bytes"
	"image"
	"image/draw"

	"github.com/gen2brain/avif"
)

// speed is libaom's, 0 to 10: 9 is its fastest of stills. At the same luma PSNR, on photographs of 256 and 1024 pixels, it takes 11
// to 21 % fewer bytes than this project's WebP, in two to four times the time; 6 takes 23 to 36 % fewer, in twenty times. What lies
// between gains nothing over 9.
const speed = 9

// Encoder writes AVIF of 8 bits with chroma halved both ways, as sRGB, with alpha where there is any. The zero value is ready; many
// goroutines may use it. The same picture and quality give the same bytes.
type Encoder struct{}

// Encode returns a file. quality, 1 to 100, gives about the fidelity that it gives a JPEG or WebP. img is only read. A fault of the
// library may panic.
func (Encoder) Encode(img image.Image, quality int) ([]byte, error) {
	own := libraryQuality(quality)
	var out bytes.Buffer
	err := avif.Encode(&out, packed(img), avif.Options{
		Quality: own, QualityAlpha: own, Speed: speed, ChromaSubsampling: image.YCbCrSubsampleRatio420,
	})
	if err != nil {
		return nil, err
	}
	return inSRGB(out.Bytes()), nil
}

// MemoryBytes is about the most that Encode takes for so many pixels: the translated library and small things, and 96 bytes a pixel,
// of which 38 are WebAssembly's memory, and the rest its copy as it grows.
func (Encoder) MemoryBytes(pixels int64) int64 { return 96<<20 + 96*pixels }

// packed returns what the library reads: pixels whose colours are multiplied by alpha, without gaps between rows.
func packed(img image.Image) *image.RGBA {
	size := img.Bounds().Size()
	switch m := img.(type) {
	case *image.RGBA:
		if m.Stride == 4*size.X && len(m.Pix) == m.Stride*size.Y {
			return m
		}
	case *image.NRGBA:
		if m.Stride == 4*size.X && len(m.Pix) == m.Stride*size.Y && m.Opaque() {
			return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
		}
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// inSRGB has the file say, in place, that its colours are sRGB's, which the library leaves open: readers would guess. The members of
// the box are primaries, transfer and matrix (ISO/IEC 23091-2): those of BT.709, of sRGB, and of BT.601, by which it was made.
func inSRGB(file []byte) []byte {
	name := []byte("colrnclx")
	if i := bytes.Index(file, name); i >= 0 && i+len(name)+6 <= len(file) {
		copy(file[i+len(name):], []byte{0, 1, 0, 13, 0, 6})
	}
	return file
}
