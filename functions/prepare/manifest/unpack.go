package manifest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

// Unpack returns the text of a list: what gzip packed, without the mark that some editors put in front
// of UTF-8. It looks at the content, never at the name. Content of another kind is a Bad.
func Unpack(list io.Reader, name string) (io.Reader, error) {
	packed := &watched{Reader: list}
	in := bufio.NewReaderSize(packed, 64<<10)
	gzipped, err := startsWith(in, "\x1f\x8b")
	if err != nil {
		return nil, err
	}
	if gzipped {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, packed.blame(err, name)
		}
		in = bufio.NewReaderSize(unpacker{unpacked, packed, name}, 64<<10)
	}
	for _, other := range []struct{ magic, what string }{
		{"\x1f\x8b", "gzip within gzip"},
		{"PK\x03\x04", "a ZIP archive"},
		{"\x28\xb5\x2f\xfd", "Zstandard"},
		{"\xfd7zXZ", "XZ"},
		{"PAR1\x15", "Parquet"},
		{"\xff\xfe", "UTF-16"},
		{"\xfe\xff", "UTF-16"},
	} {
		found, err := startsWith(in, other.magic)
		if err != nil {
			return nil, err
		}
		if found {
			return nil, place{name: name, line: 1}.end([]byte(other.what), "text in UTF-8, gzipped once or not at all")
		}
	}
	marked, err := startsWith(in, "\ufeff")
	if marked {
		_, err = in.Discard(len("\ufeff"))
	}
	return in, err
}

func startsWith(in *bufio.Reader, magic string) (bool, error) {
	start, err := in.Peek(len(magic))
	if err != nil && err != io.EOF {
		return false, err
	}
	return bytes.Equal(start, []byte(magic)), nil
}

// watched remembers the error of the reader below a decompressor, which does not tell a file that is cut
// from a connection that broke.
type watched struct {
	io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// blame returns the error of the reader below, or else says that the file is damaged.
func (w *watched) blame(err error, name string) error {
	if w.err != nil {
		return w.err
	}
	return place{name: name, line: 1}.end([]byte(err.Error()), "a whole gzip file: this one is damaged or cut")
}

// unpacker names the errors of a gzip.Reader.
type unpacker struct {
	in     *gzip.Reader
	packed *watched
	name   string
}

func (u unpacker) Read(p []byte) (int, error) {
	n, err := u.in.Read(p)
	if err != nil && err != io.EOF {
		err = u.packed.blame(err, u.name)
	}
	return n, err
}
