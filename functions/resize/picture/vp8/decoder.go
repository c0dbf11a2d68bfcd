package vp8

import (
	"sync"

	"mapfleet/functions/resize/picture/planar"
)

// Image is a decoded picture: Y of the picture's size, Cb and Cr of half the width and height, rounded up. Samples have all of a byte,
// as those of JPEG.
type Image struct {
	Planes [3]planar.Plane

	release func()
}

// Release gives the planes' memory back to the decoder, for another picture: no Pix may be used after it.
// It may be called once for a picture; a picture that is never released is garbage like any other.
func (m *Image) Release() {
	if m.release != nil {
		m.release()
	}
	*m = Image{}
}

// Decoder decodes pictures and reuses memory between them. Its zero value is ready and many goroutines may use one, but it must
// not be copied.
type Decoder struct {
	idle sync.Pool // of *decoding
}

// Decode decodes a key frame: the payload of a chunk "VP8 " of a WebP file. Its memory is a byte and a half for each pixel that the
// frame tells of, sides rounded up to 16, and little beside; the caller should look at ReadSize first. Each costs time even
// if the frame has few bytes.
//
// An error is an UnsupportedError, or a FormatError: truncated data never passes. Samples are exactly those that RFC 6386 defines,
// stretched to all of a byte. The picture's planes are memory of the decoder's: see Image.Release.
func (d *Decoder) Decode(frame []byte) (Image, error) {
	work, _ := d.idle.Get().(*decoding)
	if work == nil {
		work = new(decoding)
		work.release = func() { d.idle.Put(work) }
	}
	err := work.decode(frame)
	work.forget()
	if err != nil {
		d.idle.Put(work)
		return Image{}, err
	}
	return work.image(), nil
}
