package executions

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
)

// lines is a file of records, one a line, that grows at its end. What the end of a process or of the
// machine left of a last line is cut off, so that records are whole or not there.
type lines struct {
	path string

	mu   sync.Mutex
	file *os.File // nil until something is appended
	size int64
}

func (l *lines) append(record []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.open(); err != nil {
		return err
	}
	line := append(record[:len(record):len(record)], '\n')
	n, err := l.file.Write(line)
	if err != nil { // a full disk takes a part of it
		if n > 0 {
			err = errors.Join(err, l.file.Truncate(l.size))
		}
		return err
	}
	l.size += int64(n)
	return nil
}

func (l *lines) open() error {
	if l.file != nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	if l.size, err = wholeLines(file); err == nil {
		err = file.Truncate(l.size)
	}
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file = file
	return nil
}

// wholeLines returns how long the file is without what follows its last line break.
func wholeLines(file *os.File) (int64, error) {
	size, err := file.Seek(0, io.SeekEnd)
	block := make([]byte, 64<<10)
	for err == nil && size > 0 {
		n := min(size, int64(len(block)))
		if _, err = file.ReadAt(block[:n], size-n); err != nil {
			break
		}
		if i := bytes.LastIndexByte(block[:n], '\n'); i >= 0 {
			return size - n + int64(i) + 1, nil
		}
		size -= n
	}
	return 0, err
}

// sync returns once the file is on the disk.
func (l *lines) sync() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	return l.file.Sync()
}

func (l *lines) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}

// readLines yields the whole lines of a file, without their line breaks; none if there is no file. A line is
// valid until the next.
func readLines(path string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		file, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(nil, err)
			return
		}
		defer file.Close()
		in := bufio.NewReaderSize(file, 256<<10)
		var line []byte
		for {
			part, err := in.ReadSlice('\n')
			line = append(line, part...)
			switch {
			case errors.Is(err, bufio.ErrBufferFull):
				continue
			case errors.Is(err, io.EOF):
				return // what is left is no whole line
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(line[:len(line)-1], nil) {
				return
			}
			line = line[:0]
		}
	}
}
