package baselinejpeg

import (
	"fmt"
	"image"
	"sync"
)

// Encoder encodes pictures and reuses memory between them. Its zero value is ready and many goroutines may use one,
// but it must not be copied.
type Encoder struct {
	idle sync.Pool // of *encoding
}

// Append adds a JFIF file of m to to, and returns that. The same picture and quality give the same bytes on every processor.
//
// m is an *image.Gray, or an *image.YCbCr of the ratio 4:4:4, 4:4:0, 4:2:2 or 4:2:0 that begins at 0,0; the file has that
// sampling. quality goes from 1 to 100 and scales the quantisation tables as libjpeg does. An error says what m is that
// cannot be written: a picture of another layout, without pixels, or with a side of more than 65,535.
func (e *Encoder) Append(to []byte, m image.Image, quality int) ([]byte, error) {
	if quality < 1 || quality > 100 {
		return nil, fmt.Errorf("a jpeg of quality %d: 1 to 100 is wanted", quality)
	}
	work, _ := e.idle.Get().(*encoding)
	if work == nil {
		work = new(encoding)
	}
	defer func() {
		work.drop()
		e.idle.Put(work)
	}()
	if err := work.take(m); err != nil {
		return nil, err
	}
	return work.encode(to, quality, mostTokens), nil
}
