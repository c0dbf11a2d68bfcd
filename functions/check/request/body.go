package request

import (
	"bytes"
	"io"
	"sync"
)

const windowBytes = 32 << 10

var windows = sync.Pool{New: func() any { return new([windowBytes]byte) }}

// search reads at most limit bytes of a body, and one more to see whether there are any, and looks for
// text in them. It holds no more of the body than a window: neither a large body nor one that unpacks to
// a large one takes memory.
func search(body io.Reader, text string, limit int64) (read int64, found bool, err error) {
	window := windows.Get().(*[windowBytes]byte)
	defer windows.Put(window)
	body = io.LimitReader(body, limit+1)
	found = text == ""
	kept := 0 // bytes at the start of the window that may begin the text
	for {
		n, err := body.Read(window[kept:])
		read += int64(n)
		if !found {
			seen := window[:kept+n-int(max(0, read-limit))]
			found = bytes.Contains(seen, []byte(text))
			tail := seen[len(seen)-min(len(seen), len(text)-1):]
			kept = copy(window[:], tail)
		}
		if found {
			kept = 0
		}
		switch {
		case err == io.EOF || read > limit:
			return read, found, nil
		case err != nil:
			return read, found, err
		}
	}
}
