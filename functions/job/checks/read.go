package checks

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"mapfleet/functions/job/fields"
)

// Format is how a file of checks is written.
type Format string

// The formats of a file.
const (
	FormatCSV   Format = "csv"   // comma-separated with a row of names first, see ParseColumns
	FormatJSON  Format = "json"  // one list of objects, see ParseCheck
	FormatJSONL Format = "jsonl" // one object a line
)

// Read yields an Item for every line of a file that is not blank, in their order, and holds one at a
// time. A line that is wrong is an Item too, with Refused in it. An error ends the sequence: r's own, or
// a job.InvalidInput where the file as a whole cannot be read as what format says.
func Read(r io.Reader, format Format) iter.Seq2[Item, error] {
	in := bufio.NewReaderSize(r, MaxLineBytes+2) // a line with its end
	return func(yield func(Item, error) bool) {
		if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
			_, _ = in.Discard(3) // a byte order mark, as spreadsheets write it
		}
		var err error
		switch format {
		case FormatJSONL:
			err = readLines(in, yield)
		case FormatJSON:
			err = readList(in, yield)
		case FormatCSV:
			err = readTable(in, yield)
		default:
			err = refusal("the format", fields.Clip([]byte(format)), "csv, json or jsonl")
		}
		if err != nil && !errors.Is(err, errEnough) {
			yield(Item{}, err)
		}
	}
}

// errEnough says that the caller wants no more.
var errEnough = errors.New("enough")

// errLong says that a line is longer than MaxLineBytes.
var errLong = refusal("the line", fmt.Sprintf("more than %d bytes", MaxLineBytes), fmt.Sprintf("at most %d bytes", MaxLineBytes))

// nextLine returns a line without its end, valid until the next call; io.EOF after the last. Of a line
// that is too long nothing is returned but long.
func nextLine(in *bufio.Reader) (line []byte, long bool, err error) {
	line, err = in.ReadSlice('\n')
	for ; err == bufio.ErrBufferFull; _, err = in.ReadSlice('\n') {
		long = true
	}
	if err != nil && (err != io.EOF || len(line) == 0 && !long) {
		return nil, false, err
	}
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if long || len(line) > MaxLineBytes {
		return nil, true, nil
	}
	return line, false, nil
}

func readLines(in *bufio.Reader, yield func(Item, error) bool) error {
	for number := 1; ; number++ {
		line, long, err := nextLine(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 && !long {
			continue
		}
		var check Check
		if err = errLong; !long {
			check, err = ParseCheck(line)
		}
		if !yield(newItem(number, line, check, err), nil) {
			return errEnough
		}
	}
}
