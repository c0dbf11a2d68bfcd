package pngplanes

import (
	"sync"

	"mapfleet/functions/resize/picture/planar"
)

// Image is a decoded picture: gray, gray and alpha, red and green and blue, or these and alpha. Samples have 8 bits; those of 16 are
// rounded. A picture that is opaque has no alpha.
type Image struct {
	Planes   []planar.Plane // all of the picture's size
	Alpha    bool           // the last plane is alpha
	Weighted bool           // colours are multiplied by alpha

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

// Decode decodes a file, with colours multiplied by alpha, as planar.Resize wants them, if weighted. Its memory is a byte for each
// channel of each pixel of the header, which the caller should look at first, and less than a thousand times the length of data.
//
// An error is an UnsupportedError, for interlaced files and those longer than planar.MaxSide a side, or a FormatError: all that
// image/png refuses is refused, but for bytes between the end of the pixels and the end of their chunk, where image/png takes some and
// refuses others. The picture's planes are memory of the decoder's: see Image.Release.
func (d *Decoder) Decode(data []byte, weighted bool) (Image, error) {
	work, _ := d.idle.Get().(*decoding)
	if work == nil {
		work = new(decoding)
		work.release = func() { d.idle.Put(work) }
	}
	work.reset(data, weighted)
	if err := work.decode(); err != nil {
		work.data = nil
		d.idle.Put(work)
		return Image{}, err
	}
	work.data = nil
	return work.image(), nil
}
