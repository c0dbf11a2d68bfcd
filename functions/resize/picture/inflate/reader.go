package inflate

import "encoding/binary"

const (
	window = 32 << 10 // how far back a distance reaches
	ahead  = 96 << 10 // how much is decompressed at a time, at least
)

// Reader decompresses one stream. It is for one goroutine; after Reset it serves another stream with the same memory.
type Reader struct {
	bitReader
	tables *tables // of the current block
	own    tables
	out    []byte // history, then bytes that nobody has read yet
	read   int    // out[read:end] is to be read
	end    int
	sum    uint32 // of what lies before out[summed]
	summed int

	started, last, inBlock, done bool

	stored int // how many bytes of a stored block are to come; tables is nil in such
	err    error
}

// Reset begins a stream. next returns its pieces in order, nil after the last; they must not change while the Reader is used.
func (r *Reader) Reset(next func() []byte) {
	r.bitReader = bitReader{next: next}
	r.read, r.end, r.sum, r.summed = 0, 0, 1, 0
	r.started, r.last, r.inBlock, r.done = false, false, false, false
	r.stored, r.err = 0, nil
}

// Next returns the next n bytes, which stay until the next call, or an error if there are not as many. An error may come early, when
// what follows these bytes is damaged; after that Next returns no more than it.
func (r *Reader) Next(n int) ([]byte, error) {
	if r.end-r.read < n && r.err == nil {
		r.err = r.fill(n)
	}
	if r.err != nil {
		return nil, r.err
	}
	p := r.out[r.read : r.read+n : r.read+n]
	r.read += n
	return p, nil
}

// End says whether there are no bytes left, and if so whether the stream ended as it should, checksum included. Input behind that
// is not looked at.
func (r *Reader) End() (ended bool, err error) {
	if r.read == r.end && r.err == nil {
		r.slide(1)
		for r.end == r.read && !r.done && r.err == nil {
			r.err = r.step(r.end + 1)
		}
	}
	return r.read == r.end, r.err
}

// fill decompresses at least until n bytes are to be read, and on as far as there is room.
func (r *Reader) fill(n int) error {
	r.slide(n)
	limit := len(r.out) - room
	for r.end < limit && !r.done {
		if err := r.step(limit); err != nil {
			return err
		}
	}
	r.addUp()
	if r.end-r.read < n {
		return errTruncated
	}
	return nil
}

// slide makes room for n bytes, or more, after those to be read.
func (r *Reader) slide(n int) {
	keep := max(0, min(r.read, r.end-window))
	size := window + max(2*n, ahead) + room + n
	if len(r.out) < size {
		grown := make([]byte, size)
		copy(grown, r.out[keep:r.end])
		r.out = grown
	} else {
		copy(r.out, r.out[keep:r.end])
	}
	r.read -= keep
	r.end -= keep
	r.summed -= keep
}

// step does the next part of the stream: a header, or what of a block goes into out[:limit].
func (r *Reader) step(limit int) error {
	switch {
	case !r.started:
		return r.begin()
	case !r.inBlock && r.last:
		return r.finish()
	case !r.inBlock:
		return r.beginBlock()
	case r.tables == nil:
		return r.copyStored(limit)
	}
	return r.decode(limit)
}

// begin reads the header of the stream (RFC 1950, 2.2).
func (r *Reader) begin() error {
	head, err := r.take(16)
	if err != nil {
		return err
	}
	const (
		deflated   = 8
		mostWindow = 7
		dictionary = 1 << 5
	)
	method, flags := head&0xff, head>>8
	if method&15 != deflated || method>>4 > mostWindow || (method<<8|flags)%31 != 0 {
		return errHeader
	}
	if flags&dictionary != 0 {
		return errDictionary
	}
	r.started = true
	return nil
}

func (r *Reader) beginBlock() error {
	head, err := r.take(3)
	if err != nil {
		return err
	}
	r.last, r.inBlock = head&1 != 0, true
	switch head >> 1 {
	case 0:
		return r.beginStored()
	case 1:
		r.tables = fixed()
		return nil
	case 2:
		return r.readTables()
	}
	return errBlock
}

func (r *Reader) beginStored() error {
	r.align()
	length, err := r.take(32)
	if err != nil {
		return err
	}
	if length&0xffff != ^length>>16 {
		return errStored
	}
	r.tables, r.stored = nil, int(length&0xffff)
	r.inBlock = r.stored > 0
	return nil
}

func (r *Reader) copyStored(limit int) error {
	want := min(r.stored, limit-r.end)
	got := r.copy(r.out[r.end : r.end+want])
	r.end += got
	r.stored -= got
	r.inBlock = r.stored > 0
	if got < want {
		return errTruncated
	}
	return nil
}

// finish checks the checksum that follows the last block.
func (r *Reader) finish() error {
	r.done = true
	r.addUp()
	r.align()
	var sum [4]byte
	if r.copy(sum[:]) < len(sum) {
		return errTruncated
	}
	if binary.BigEndian.Uint32(sum[:]) != r.sum {
		return errChecksum
	}
	return nil
}

// addUp counts what was decompressed since the last time into the checksum.
func (r *Reader) addUp() {
	r.sum = adler(r.sum, r.out[r.summed:r.end])
	r.summed = r.end
}
