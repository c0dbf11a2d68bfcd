package checks

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// table reads the rows of a CSV file. A row may go over several lines, where a cell in quotes holds line
// breaks; a quote that is missing would make one row of all lines up to the next quote. So several lines
// are a row only if they make one, and otherwise each of them is read on its own.
type table struct {
	in      *bufio.Reader
	number  int    // of the line that was read last
	again   []text // lines that were read, and were not of one row
	comma   rune   // what stands between cells
	columns Columns
}

// text is one line of a file.
type text struct {
	number int
	bytes  []byte // without its end; none if it is long
	long   bool   // longer than MaxLineBytes
}

// readTable reads the rows of a CSV file.
func readTable(in *bufio.Reader, yield func(Item, error) bool) error {
	t := table{in: in}
	for {
		line, err := t.next()
		switch {
		case err == io.EOF && t.columns == nil:
			return refusal("the file", "no rows", "a first row with the names of columns")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case !line.long && len(bytes.TrimSpace(line.bytes)) == 0:
			continue
		case t.columns == nil:
			if err := t.header(line); err != nil {
				return err
			}
			continue
		}
		item, err := t.item(line)
		if err != nil {
			return err
		}
		if !yield(item, nil) {
			return errEnough
		}
	}
}

// next returns the next line, valid until the next call; io.EOF after the last.
func (t *table) next() (text, error) {
	if len(t.again) > 0 {
		line := t.again[0]
		t.again = t.again[1:]
		return line, nil
	}
	line, long, err := nextLine(t.in)
	if err == nil {
		t.number++
	}
	return text{t.number, line, long}, err
}

// header takes the names of columns from the first row, and what stands between them: commas or, as
// spreadsheets of some countries write it, semicolons, or tabs.
func (t *table) header(line text) (err error) {
	if line.long {
		return errLong
	}
	t.comma = ','
	for _, comma := range []rune{';', '\t'} {
		if row, err := parseRow(line.bytes, comma); err == nil && len(row) > 1 && hasURL(row) {
			t.comma = comma
		}
	}
	row, err := parseRow(line.bytes, t.comma)
	if err == nil {
		t.columns, err = ParseColumns(row)
	}
	return err
}

// item reads the row that begins with a line. The error is the reader's own.
func (t *table) item(line text) (Item, error) {
	if line.long {
		return newItem(line.number, nil, Check{}, errLong), nil
	}
	record := line.bytes
	if open, _ := openQuote(record, false, t.comma); open {
		first := text{number: line.number, bytes: slices.Clone(record)}
		whole, why, err := t.several(first)
		if err != nil {
			return Item{}, err
		}
		if line, record = first, whole; whole == nil {
			return newItem(line.number, line.bytes, Check{}, refusal("the row", toldText(line.bytes), why)), nil
		}
	}
	check, err := t.check(record)
	return newItem(line.number, record, check, err), nil
}

// several returns the row that begins with a line and goes on in the next ones. If they make no row, they
// are read again, each on its own, and why says what is wrong with the first. The error is the reader's own.
func (t *table) several(first text) (row []byte, why string, err error) {
	var taken []text
	row = slices.Clone(first.bytes)
	open, ok := openQuote(row, false, t.comma)
	why = "cells in quotes that end, with a comma or the line's end behind them; a quote is missing, or one too many"
	for open && ok {
		line, err := t.next()
		if err == io.EOF {
			why, ok = "a quote at the end of what a quote begins", false
			break
		}
		if err != nil {
			return nil, "", err
		}
		line.bytes = slices.Clone(line.bytes)
		taken = append(taken, line)
		if line.long || len(row)+1+len(line.bytes) > MaxLineBytes {
			why, ok = fmt.Sprintf("at most %d bytes; a quote may be missing", MaxLineBytes), false
			break
		}
		row = append(append(row, '\n'), line.bytes...)
		open, ok = openQuote(line.bytes, true, t.comma)
	}
	if ok {
		if cells, err := parseRow(row, t.comma); err == nil && t.columns.mayBreak(cells) {
			return row, "", nil
		}
	}
	t.again = append(taken, t.again...)
	return nil, why, nil
}

// check parses one row as it is written.
func (t *table) check(record []byte) (Check, error) {
	if !utf8.Valid(record) {
		return Check{}, refusal("the row", toldText(record), "UTF-8")
	}
	row, err := parseRow(record, t.comma)
	if err != nil {
		return Check{}, err
	}
	return t.columns.Parse(row)
}
