package compactpng

import (
	"image"
	"sync"
)

// Encoder encodes pictures and reuses memory between them. Its zero value is ready and many goroutines may use one, but it must not
// be copied.
type Encoder struct {
	idle sync.Pool // of *encoding
}

// Append adds a PNG file of m to to, and returns that. The same picture gives the same bytes on every processor, and every pixel is
// kept, those that are transparent too.
//
// m is an *image.Gray, an *image.Paletted, an *image.NRGBA, or an *image.RGBA, which must be opaque; it may begin anywhere. The file
// is gray, of a palette with as few bits as its length asks for, RGB where all pixels are opaque, or RGBA. An error says what m is
// that cannot be written: a picture of another layout, without pixels or of more than 400 million, or with an index that its palette
// does not have.
func (e *Encoder) Append(to []byte, m image.Image) ([]byte, error) {
	work, _ := e.idle.Get().(*encoding)
	if work == nil {
		work = newEncoding()
	}
	defer e.idle.Put(work)
	l, err := layOut(m)
	if err != nil {
		return nil, err
	}
	return work.encode(to, l)
}
