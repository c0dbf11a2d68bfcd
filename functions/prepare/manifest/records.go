package manifest

import (
	"bytes"
	"fmt"
	"io"
)

// record is one record of a CSV. Its bytes are valid until the next one is read.
type record struct {
	at     place // of its first line
	raw    []byte
	fields [][]byte
}

// records reads a CSV as RFC 4180 has it: commas between fields, a field with a comma, a quote or a line
// break in quotes, in which a quote is doubled. Lines may end in CRLF or LF; empty ones are no records.
// https://www.rfc-editor.org/rfc/rfc4180
type records struct {
	source source

	at     place
	raw    []byte   // all lines of the record
	rest   []byte   // of the last of them
	text   []byte   // the contents of all fields, one behind the other
	ends   []int    // where each field ends in text
	fields [][]byte // parts of text
}

func (r *records) next() (record, error) {
	line, err := r.source.nextFilled()
	if err != nil {
		return record{}, err
	}
	r.at = r.source.place()
	r.raw, r.rest = append(r.raw[:0], line...), trimEnd(line)
	r.text, r.ends, r.fields = r.text[:0], r.ends[:0], r.fields[:0]
	for more := true; more; {
		if more, err = r.field(); err != nil {
			return record{}, err
		}
		r.ends = append(r.ends, len(r.text))
	}
	start := 0
	for _, end := range r.ends {
		r.fields = append(r.fields, r.text[start:end])
		start = end
	}
	return record{r.at, r.raw, r.fields}, nil
}

// field takes the next field into text, and says whether another follows.
func (r *records) field() (more bool, err error) {
	if len(r.rest) > 0 && r.rest[0] == '"' {
		if err := r.quoted(); err != nil {
			return false, err
		}
		if len(r.rest) > 0 && r.rest[0] != ',' {
			return false, r.at.refuse(r.raw, "a comma, or the end of the line, behind a quoted field")
		}
	} else {
		end := bytes.IndexByte(r.rest, ',')
		if end < 0 {
			end = len(r.rest)
		}
		if bytes.IndexByte(r.rest[:end], '"') >= 0 {
			return false, r.at.refuse(r.raw, `quotes around a field with a quote in it, which is doubled there: "5"" wide.jpg"`)
		}
		if bytes.IndexByte(r.rest[:end], '\r') >= 0 { // else a list with bare ones would be one long key
			return false, r.at.refuse(r.raw, "lines that end in LF or CRLF, and quotes around a field with a carriage return in it")
		}
		r.text, r.rest = append(r.text, r.rest[:end]...), r.rest[end:]
	}
	if len(r.rest) == 0 {
		return false, nil
	}
	r.rest = r.rest[1:] // the comma
	return true, nil
}

// quoted takes the quoted field that rest starts with, over as many lines as it has.
func (r *records) quoted() error {
	r.rest = r.rest[1:]
	for {
		i := bytes.IndexByte(r.rest, '"')
		switch {
		case i < 0:
			if err := r.goOn(); err != nil {
				return err
			}
		case i+1 < len(r.rest) && r.rest[i+1] == '"':
			r.text, r.rest = append(r.text, r.rest[:i+1]...), r.rest[i+2:]
		default:
			r.text, r.rest = append(r.text, r.rest[:i]...), r.rest[i+1:]
			return nil
		}
	}
}

// goOn takes the rest of the line into the field that is open, with its line break, and reads the next.
func (r *records) goOn() error {
	open := fmt.Sprintf("a quote at the end of the quoted field, at most %d bytes behind its line's start", MaxEntryBytes)
	r.text = append(append(r.text, r.rest...), lineBreak(r.raw)...)
	line, err := r.source.next()
	switch {
	case err == io.EOF:
		return r.at.end(r.raw, open)
	case err != nil:
		return err
	case len(r.raw)+len(line) > MaxEntryBytes:
		return r.at.end(r.raw, open)
	}
	r.raw, r.rest = append(r.raw, line...), trimEnd(line)
	return nil
}

// trimEnd takes the line break off.
func trimEnd(line []byte) []byte { return line[:len(line)-len(lineBreak(line))] }

// lineBreak is what line ends in: CRLF, LF or nothing.
func lineBreak(line []byte) []byte {
	for _, ending := range []string{"\r\n", "\n"} {
		if bytes.HasSuffix(line, []byte(ending)) {
			return line[len(line)-len(ending):]
		}
	}
	return nil
}
