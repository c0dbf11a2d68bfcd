package scaledjpeg

import "sync"

// Decoder decodes pictures and reuses memory between them. Its zero value is ready and many goroutines may use one,
// but it must not be copied, and SharpChroma must not change while it is used.
type Decoder struct {
	// SharpChroma decodes components of half the width and height (4:2:0) at twice the scale, where that is 8/8
	// or less: at 4/8 their planes have the size of the first. Not at 3/8.
	SharpChroma bool

	tables tableCache
	idle   sync.Pool // of *decoding
}

// Decode decodes a file at scale/8 of its size, scale being 1, 2, 3, 4 or 8. It takes memory for the pixels that the
// header tells of, which the caller may look at first (see MemoryBytes); at most about 256 times the length of data,
// 1600 times if it is progressive, for a file of more pixels has too few bytes. Of a progressive file it reads the
// scans that the scale needs, each coefficient's bits in their order, so that they bound its work.
//
// An error is an UnsupportedError, as Supported has it or of scans that are out of order, or a FormatError: truncated
// data never passes, except for what follows the last block that is needed. The picture's planes are memory of the
// decoder's: see Image.Release.
func (d *Decoder) Decode(data []byte, scale int) (Image, error) {
	work, _ := d.idle.Get().(*decoding)
	if work == nil {
		work = new(decoding)
	}
	work.reset(d, scale)
	if err := work.decode(data); err != nil {
		d.idle.Put(work)
		return Image{}, err
	}
	return work.image(), nil
}
