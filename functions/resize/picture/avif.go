package picture

import "image"

// The largest picture that is written as AVIF: one of 4K takes some 3 s of a core, noise with alpha some 12 s, and it has to come to
// its end within a worker's time.
const (
	maxAVIFPixels = 9_000_000
	maxAVIFSide   = 16_384
)

// Encoder writes a format that this package does not write by itself. Many goroutines may use it, and the same picture and quality
// give the same bytes. Package avif has one.
type Encoder interface {
	// Encode returns a file of quality 1 to 100, the caller's to keep. img is only read.
	Encode(img image.Image, quality int) ([]byte, error)
	// MemoryBytes is about the most that Encode takes for so many pixels.
	MemoryBytes(pixels int64) int64
}

// encodeAVIF leaves profile and EXIF out.
func encodeAVIF(encoder Encoder, img image.Image, quality int) (out []byte, err error) {
	const doing = "encode avif"
	defer contain(EncodeFailed, doing, &err)
	if out, err = encoder.Encode(img, quality); err != nil {
		return nil, failWith(EncodeFailed, doing, err)
	}
	return out, nil
}

// checkAVIF refuses an output that takes more memory than there is beside the decoded source.
func (l Limits) checkAVIF(info Info, v Variant, size image.Point) error {
	if v.Format != AVIF || l.MaxMemory <= 0 {
		return nil
	}
	if bytes := info.MemoryBytes + v.AVIF.MemoryBytes(pixelsIn(size)); bytes > l.MaxMemory {
		return fail(TooMuchMemory, "encode avif", "%d x %d takes %d bytes of memory with its source, more than %d",
			size.X, size.Y, bytes, l.MaxMemory)
	}
	return nil
}
