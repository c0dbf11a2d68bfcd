package checks

import (
	"bytes"
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

// freeColumns may hold line breaks, and blanks at their ends.
var freeColumns = []string{"id", "body", "expect.bodyContains"}

// Columns are the names in the first row of a CSV file, as textColumns and the others have them.
type Columns []string

// column returns the name of a column however it is written, with blanks around it or in capitals.
func column(name string) string {
	name = strings.TrimSpace(name)
	if len(name) > len(headerColumn) && strings.EqualFold(name[:len(headerColumn)], headerColumn) {
		return headerColumn + name[len(headerColumn):]
	}
	for _, known := range slices.Concat(textColumns, plainColumns, []string{statusColumn}) {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// hasURL says whether cells are the names of columns.
func hasURL(row []string) bool {
	return slices.ContainsFunc(row, func(name string) bool { return column(name) == "url" })
}

// ParseColumns reads the first row of a CSV file. The error is a job.InvalidInput.
func ParseColumns(row []string) (Columns, error) {
	columns := make(Columns, len(row))
	for i, name := range row {
		columns[i] = column(name)
	}
	known := "the columns, with commas between them, are " +
		strings.Join(slices.Sorted(slices.Values(slices.Concat(textColumns, plainColumns, []string{statusColumn, headerColumn + "NAME"}))), ", ")
	if !slices.Contains(columns, "url") { // it may be no row of names at all, and hold secrets
		return nil, refusal("the first row", cells(len(row))+", none of them url", "the names of columns, url among them; "+known)
	}
	var problems []job.Problem
	for i, name := range columns {
		allowed := ""
		header, isHeader := strings.CutPrefix(name, headerColumn)
		switch {
		case slices.Contains(columns[:i], name):
			allowed = "every column once"
		case isHeader && token(header), name == statusColumn, slices.Contains(textColumns, name), slices.Contains(plainColumns, name):
		default:
			allowed = "no such column; " + known
		}
		if allowed != "" {
			problems = append(problems, job.Problem{Field: fmt.Sprintf("column %d of the first row", i+1), Given: fields.Clip([]byte(row[i])), Allowed: allowed})
		}
	}
	if problems != nil {
		return nil, job.InvalidInput{Problems: problems}
	}
	return columns, nil
}

// mayBreak says whether a row has a cell for every column, and line breaks only where a text may have them.
func (c Columns) mayBreak(row []string) bool {
	if len(row) != len(c) {
		return false
	}
	for i, cell := range row {
		if strings.Contains(cell, "\n") && !slices.Contains(freeColumns, c[i]) {
			return false
		}
	}
	return true
}

// Parse reads one further row. Empty cells are as if they were not there, and so are blanks around a cell
// of all but freeColumns; true and false are read in any case, as spreadsheets write them. Check and error
// are ParseCheck's.
func (c Columns) Parse(row []string) (Check, error) {
	if len(row) != len(c) {
		return Check{}, refusal("the row", cells(len(row)), fmt.Sprintf("%d, one for every column", len(c)))
	}
	all := map[string]json.RawMessage{}
	expect, headers := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for i, name := range c {
		cell := row[i]
		if !slices.Contains(freeColumns, name) {
			cell = strings.TrimSpace(cell)
		}
		if cell == "" {
			continue
		}
		raw := quote(cell)
		switch {
		case name == statusColumn:
			raw = statusCell(cell)
		case slices.Contains(plainColumns, name) && json.Valid([]byte(strings.ToLower(cell))):
			raw = json.RawMessage(strings.ToLower(cell))
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
