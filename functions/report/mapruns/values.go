package mapruns

import (
	"bufio"
	"encoding/json"
	"io"
)

// eachValue calls f with each value of in: the elements of one JSON array, or one value after another,
// as in JSON Lines. It holds one value at a time.
func eachValue(in io.Reader, f func(json.RawMessage) error) error {
	buffered := bufio.NewReaderSize(in, 64<<10)
	array, err := beginsWith('[', buffered)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	d := json.NewDecoder(buffered)
	if array {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	for {
		if array && !d.More() {
			_, err := d.Token() // the closing bracket: a file without it is not whole
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err == io.EOF && !array {
			return nil
		} else if err != nil {
			return err
		}
		if err := f(value); err != nil {
			return err
		}
	}
}

// beginsWith says whether b is the first byte of in that is not white space. Nothing else is consumed.
func beginsWith(b byte, in *bufio.Reader) (bool, error) {
	for {
		first, err := in.ReadByte()
		if err != nil {
			return false, err
		}
		if first != ' ' && first != '\n' && first != '\r' && first != '\t' {
			return first == b, in.UnreadByte()
		}
	}
}

// notWhole says whether err means that a file is not JSON up to its end. A connection that breaks is
// another error, and worth another try.
func notWhole(err error) bool {
	_, syntax := err.(*json.SyntaxError)
	return syntax || err == io.EOF || err == io.ErrUnexpectedEOF
}
