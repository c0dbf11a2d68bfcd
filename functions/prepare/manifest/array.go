package manifest

import (
	"bufio"
	"fmt"
	"io"
)

// arrayReader reads the elements of one JSON array, and never holds more than one of them: an array may
// be a single line of gigabytes.
type arrayReader struct {
	in      *bufio.Reader
	at      place
	scope   Scope
	element []byte // what was read of the current one

	opened, closed bool
}

func newArrayReader(list io.Reader, name string, scope Scope) *arrayReader {
	return &arrayReader{in: bufio.NewReaderSize(list, 64<<10), at: place{name: name, line: 1}, scope: scope}
}

// What stands where something else has to.
const (
	array     = "one JSON array of strings or objects; without brackets, one a line, it is .jsonl"
	arrayNext = "a comma and the next element, or ] at the end"
)

func (r *arrayReader) Next() (Entry, error) {
	c, err := r.start()
	if err != nil {
		return Entry{}, err
	}
	r.at.item++
	at := r.at
	if err := r.read(c); err != nil {
		return Entry{}, err
	}
	return parseElement(r.element, at, r.scope)
}

// start goes to the first byte of the next element and returns it, or io.EOF behind the last one.
func (r *arrayReader) start() (byte, error) {
	if r.closed {
		return 0, io.EOF
	}
	c, err := r.skipSpace()
	switch {
	case err == io.EOF && !r.opened: // an empty file is an empty list
		return 0, io.EOF
	case err != nil:
		return 0, r.cut(err)
	case !r.opened && c != '[':
		return 0, r.at.end([]byte{c}, array)
	case !r.opened:
		r.opened = true
		c, err = r.skipSpace()
	case c == ',':
		if c, err = r.skipSpace(); err == nil && c == ']' {
			return 0, r.at.end([]byte(",]"), arrayNext)
		}
	case c != ']':
		return 0, r.at.end([]byte{c}, arrayNext)
	}
	if err != nil {
		return 0, r.cut(err)
	}
	if c == ']' {
		return 0, r.close()
	}
	return c, nil
}

// close reads what follows the array, nothing but space, and returns io.EOF.
func (r *arrayReader) close() error {
	r.closed = true
	c, err := r.skipSpace()
	if err != nil {
		return err
	}
	r.at.item = 0
	return r.at.end([]byte{c}, "nothing behind the array's ]")
}

// read reads the element that starts with c.
func (r *arrayReader) read(c byte) error {
	r.element = append(r.element[:0], c)
	depth, quoted, escaped := 0, false, false
	for {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth <= 0 && !quoted && (c == '"' || c == '}' || c == ']') {
			return nil
		}
		if depth == 0 && !quoted { // a number, or a word: it ends before what follows it
			next, err := r.in.Peek(1)
			if err == io.EOF || err == nil && (next[0] == ',' || next[0] == ']' || isSpace(next[0])) {
				return nil
			}
		}
		var err error
		if c, err = r.next(); err != nil {
			return r.cut(err)
		}
		if r.element = append(r.element, c); len(r.element) > MaxEntryBytes {
			return r.at.end(r.element, fmt.Sprintf("at most %d bytes an element", MaxEntryBytes))
		}
	}
}

// cut turns the end of a list into what is wrong with it, where the array is not at its end.
func (r *arrayReader) cut(err error) error {
	if err == io.EOF {
		return r.at.end([]byte("the end of the list"), arrayNext)
	}
	return err
}

func (r *arrayReader) skipSpace() (byte, error) {
	for {
		if c, err := r.next(); err != nil || !isSpace(c) {
			return c, err
		}
	}
}

func (r *arrayReader) next() (byte, error) {
	c, err := r.in.ReadByte()
	if err == nil && c == '\n' {
		r.at.line++
	}
	return c, err
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
