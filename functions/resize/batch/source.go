package batch

import (
	"math/bits"
	"sync"
	"time"

	"mapfleet/functions/resize/picture"
)

// source is an object as it was fetched.
type source struct {
	key      string
	size     int64  // as far as it was told; -1 if it was not
	listed   string // the ETag under which size was told; may be empty
	etag     string // without quotes
	own      bool   // one of mapfleet's own outputs
	body     []byte
	length   int64 // of body, also when it is given back
	verified bool  // S3 told a checksum of body, and it is the right one

	cacheControl, contentDisposition, contentLanguage *string
	metadata                                          map[string]string

	hold     *hold
	fetching time.Duration
}

// release gives back the memory of the source and of all that was made of it. It may be called again.
func (s *source) release() {
	s.drop()
	s.hold.release()
}

// rendered gives back all but the memory of the outputs.
func (s *source) rendered(result picture.Result) {
	var outputs int64
	for _, output := range result.Outputs {
		outputs += int64(len(output.Bytes))
	}
	s.drop()
	s.hold.releaseSource()
	s.hold.rendered(outputs)
}

// drop gives back the body.
func (s *source) drop() {
	bodies.give(s.body)
	s.body = nil
}

// buffers keeps the memory of fetched objects for the next ones: a new megabyte has to be cleared, and
// fetched from the system, every time. Each pool holds buffers of one size.
type buffers struct{ pools sync.Map } // of *sync.Pool by size

var bodies buffers

// rounded is the size of the buffer for n bytes: at most a quarter more, so that there are few sizes.
func rounded(n int) int {
	step := 1 << max(bits.Len(uint(n))-3, 9)
	return (n + step - 1) / step * step
}

func (b *buffers) of(size int) *sync.Pool {
	pool, ok := b.pools.Load(size)
	if !ok {
		pool, _ = b.pools.LoadOrStore(size, &sync.Pool{})
	}
	return pool.(*sync.Pool)
}

// take returns n bytes of anything.
func (b *buffers) take(n int) []byte {
	size := rounded(n)
	if kept, ok := b.of(size).Get().(*[]byte); ok {
		return (*kept)[:n]
	}
	return make([]byte, n, size)
}

// give takes back what take returned. Other bytes are left to the garbage collector.
func (b *buffers) give(body []byte) {
	if size := cap(body); size > 0 && size == rounded(size) {
		b.of(size).Put(&body)
	}
}
