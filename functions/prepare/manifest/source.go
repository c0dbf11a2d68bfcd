package manifest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// source hands out a list by lines or by bytes, and knows the number of the line.
type source struct {
	in   *bufio.Reader
	name string
	line int // of what was read last, from 1
}

func newSource(list io.Reader, name string) source {
	return source{in: bufio.NewReaderSize(list, MaxEntryBytes), name: name}
}

func (s *source) place() place { return place{name: s.name, line: s.line} }

// next returns the next line with its end. It is valid until the next call, and nil behind the last one.
func (s *source) next() ([]byte, error) {
	line, err := s.in.ReadSlice('\n')
	if len(line) > 0 {
		s.line++
	}
	switch {
	case err == bufio.ErrBufferFull:
		return nil, s.place().end(line, fmt.Sprintf("at most %d bytes a line", MaxEntryBytes))
	case err == io.EOF && len(line) > 0:
		return line, nil
	default:
		return line, err
	}
}

// nextFilled is next without empty lines.
func (s *source) nextFilled() ([]byte, error) {
	for {
		line, err := s.next()
		if err != nil || len(bytes.TrimSpace(line)) > 0 {
			return line, err
		}
	}
}
