package checks

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/job/fields"
)

// The columns that a CSV file may have, beside header.NAME for every header. Their names are those of
// the members that ParseCheck reads.
var (
	textColumns  = []string{"id", "url", "method", "body", "timeout", "redirects", "connection", "expect.maxLatency", "expect.bodyContains"}
	plainColumns = []string{"retry", "maxBody"} // true or false, and numbers
)

const (
	statusColumn = "expect.status" // one or several, with blanks between them: 200 204 3xx
	headerColumn = "header."
)

// Columns are the names in the first row of a CSV file.
type Columns []string

// ParseColumns reads the first row of a CSV file. The error is a job.InvalidInput.
func ParseColumns(row []string) (Columns, error) {
	known := "the columns, with commas between them, are " +
		strings.Join(slices.Sorted(slices.Values(slices.Concat(textColumns, plainColumns, []string{statusColumn, headerColumn + "NAME"}))), ", ")
	if !slices.Contains(row, "url") { // it may be no row of names at all, and hold secrets
		return nil, refusal("the first row", cells(len(row))+", none of them url", "the names of columns, url among them; "+known)
	}
	var problems []job.Problem
	for i, name := range row {
		allowed := ""
		header, isHeader := strings.CutPrefix(name, headerColumn)
		switch {
		case slices.Contains(row[:i], name):
			allowed = "every column once"
		case isHeader && token(header), name == statusColumn, slices.Contains(textColumns, name), slices.Contains(plainColumns, name):
		default:
			allowed = "no such column; " + known
		}
		if allowed != "" {
			problems = append(problems, job.Problem{Field: fmt.Sprintf("column %d of the first row", i+1), Given: fields.Clip([]byte(name)), Allowed: allowed})
		}
	}
	if problems != nil {
		return nil, job.InvalidInput{Problems: problems}
	}
	return row, nil
}

// Parse reads one further row. Empty cells are as if they were not there. The error is a
// job.InvalidInput, as ParseCheck's.
func (c Columns) Parse(row []string) (Check, error) {
	if len(row) != len(c) {
		return Check{}, refusal("the row", cells(len(row)), fmt.Sprintf("%d, one for every column", len(c)))
	}
	all := map[string]json.RawMessage{}
	expect, headers := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for i, name := range c {
		cell := row[i]
		if cell == "" {
			continue
		}
		raw := quote(cell)
		switch {
		case name == statusColumn:
			raw = statusCell(cell)
		case slices.Contains(plainColumns, name) && json.Valid([]byte(cell)):
			raw = json.RawMessage(cell)
		}
		if header, ok := strings.CutPrefix(name, headerColumn); ok {
			headers[header] = raw
		} else if member, ok := strings.CutPrefix(name, "expect."); ok {
			expect[member] = raw
		} else {
			all[name] = raw
		}
	}
	for name, inner := range map[string]map[string]json.RawMessage{"expect": expect, "headers": headers} {
		if len(inner) == 0 {
			continue
		}
		data, err := json.Marshal(inner)
		if err != nil {
			return Check{}, refusal(name, "cells that cannot be read", "text")
		}
		all[name] = data
	}
	return parse(all)
}

func cells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

func quote(text string) json.RawMessage {
	data, _ := json.Marshal(text) // a string always can be
	return data
}

// statusCell makes a JSON list of the words of a cell.
func statusCell(cell string) json.RawMessage {
	var list [][]byte
	for word := range strings.FieldsSeq(cell) {
		raw := []byte(word)
		if !json.Valid(raw) {
			raw = quote(word)
		}
		list = append(list, raw)
	}
	return slices.Concat([]byte("["), bytes.Join(list, []byte(",")), []byte("]"))
}

// parseRow splits one record, which may have line breaks in quotes.
func parseRow(record []byte) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(record))
	r.FieldsPerRecord = -1
	row, err := r.Read()
	if err != nil {
		return nil, refusal("the row", toldText(record), "cells with commas between them; a cell with a comma, a quote or a line break in quotes, and its quotes doubled")
	}
	return row, nil
}

// openQuote says whether a quoted cell is still open at the end of a line that began inside one, or not.
func openQuote(line []byte, inside bool) bool {
	start := !inside // at the start of a cell
	for i := 0; i < len(line); i++ {
		switch b := line[i]; {
		case inside && b == '"' && i+1 < len(line) && line[i+1] == '"':
			i++
		case inside && b == '"':
			inside = false
		case inside:
		case b == ',':
			start = true
			continue
		case b == '"' && start:
			inside = true
		}
		start = false
	}
	return inside
}
