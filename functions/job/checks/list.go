package checks

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readList reads the elements of a JSON list.
func readList(in *bufio.Reader, yield func(Item, error) bool) error {
	bounded := &bounded{in: in, left: MaxLineBytes}
	decoder := json.NewDecoder(bounded)
	decoder.UseNumber() // a number that no float64 holds is no list, either
	notList := func(err error) error {
		if _, ok := errors.AsType[*json.SyntaxError](err); !ok && err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		return refusal("the file", "something else", fmt.Sprintf("one JSON list of objects of at most %d bytes each; a file with one object a line is .jsonl", MaxLineBytes))
	}
	if start, err := decoder.Token(); err != nil || start != json.Delim('[') {
		return notList(err)
	}
	for number := 1; decoder.More(); number++ {
		bounded.left = 2 * MaxLineBytes // what the decoder has read ahead lies within
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return notList(err)
		}
		check, err := ParseCheck(raw)
		if !yield(newItem(number, raw, check, err), nil) {
			return errEnough
		}
	}
	if _, err := decoder.Token(); err != nil {
		return notList(err)
	}
	_, err := decoder.Token()
	if _, ok := errors.AsType[*json.SyntaxError](err); ok || err == nil {
		return refusal("the file", "more after the list", "one JSON list")
	}
	if err != io.EOF {
		return notList(err)
	}
	return nil
}

// bounded reads no more than left bytes, so that one element cannot take all memory.
type bounded struct {
	in   io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.in.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
