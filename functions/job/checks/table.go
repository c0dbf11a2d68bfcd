package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"
)

// readTable reads the rows of a CSV file.
func readTable(in *bufio.Reader, yield func(Item, error) bool) error {
	var columns Columns
	var record []byte
	first, open := 0, false
	for number := 1; ; number++ {
		line, long, err := nextLine(in)
		switch {
		case err == io.EOF && open:
			return refusal(fmt.Sprintf("the row at line %d", first), toldText(record), "a quote at the end of what a quote begins")
		case err == io.EOF && columns == nil:
			return refusal("the file", "no rows", "a first row with the names of columns")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case open && (long || len(record)+len(line) >= MaxLineBytes):
			return refusal(fmt.Sprintf("the row at line %d", first), toldText(record), fmt.Sprintf("at most %d bytes; a quote may be missing", MaxLineBytes))
		case !open && !long && len(bytes.TrimSpace(line)) == 0:
			continue
		case !open:
			first, record = number, record[:0]
		default:
			record = append(record, '\n')
		}
		record = append(record, line...)
		if open = openQuote(line, open); open && !long {
			continue
		}
		if columns == nil {
			if columns, err = header(record, long); err != nil {
				return err
			}
			continue
		}
		var check Check
		if err = errLong; !long {
			check, err = columns.record(record)
		}
		if !yield(newItem(first, check, err), nil) {
			return errEnough
		}
	}
}

func header(record []byte, long bool) (Columns, error) {
	if long {
		return nil, errLong
	}
	row, err := parseRow(record)
	if err != nil {
		return nil, err
	}
	return ParseColumns(row)
}

// record parses one row as it is written.
func (c Columns) record(record []byte) (Check, error) {
	if !utf8.Valid(record) {
		return Check{}, refusal("the row", toldText(record), "UTF-8")
	}
	row, err := parseRow(record)
	if err != nil {
		return Check{}, err
	}
	return c.Parse(row)
}
