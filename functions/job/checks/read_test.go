package checks

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// read tells the items of a file in short: line, name and URL, or why it is refused.
func read(file string, format Format) (items []string, err error) {
	for item, err := range Read(iotest.OneByteReader(strings.NewReader(file)), format) {
		if err != nil {
			return items, err
		}
		if item.Refused != "" {
			items = append(items, fmt.Sprintf("%d refused: %.32s", item.Line, item.Refused))
			continue
		}
		items = append(items, fmt.Sprintf("%d %s %s", item.Line, item.Check.ID, item.Check.URL))
	}
	return items, nil
}

func TestRead(t *testing.T) {
	long := strings.Repeat("x", MaxLineBytes)
	for name, test := range map[string]struct {
		format Format
		file   string
		want   []string
	}{
		"lines": {FormatJSONL, "{\"id\":\"a\",\"url\":\"http://a/\"}\n\n  \r\n{\"url\":\"http://b/\"}\r\n{\"url\":\"http://c/\"}", []string{"1 a http://a/", "4  http://b/", "5  http://c/"}},
		"a line that is wrong, and one that is too long": {FormatJSONL, "nonsense\n{\"id\":\"" + long + "\"}\n{\"url\":\"http://c/\"}\n",
			[]string{"1 refused: the line: given nonsense; allowe", "2 refused: the line: given more than 65536 ", "3  http://c/"}},
		"a line of just the length":       {FormatJSONL, `{"url":"http://a/"}` + strings.Repeat(" ", MaxLineBytes-19) + "\r\n" + `{"url":"http://b/"}`, []string{"1  http://a/", "2  http://b/"}},
		"no lines":                        {FormatJSONL, "", nil},
		"a byte order mark":               {FormatJSONL, "\ufeff{\"url\":\"http://a/\"}", []string{"1  http://a/"}},
		"a list":                          {FormatJSON, " [ {\"id\":\"a\",\"url\":\"http://a/\"},\n 7, {\"url\":\"http://b/\"} ] ", []string{"1 a http://a/", "2 refused: the line: given 7; allowed: one ", "3  http://b/"}},
		"an empty list":                   {FormatJSON, "[]", nil},
		"a table":                         {FormatCSV, "\ufeffid,url\r\na,http://a/\r\n\r\n,http://b/\n", []string{"2 a http://a/", "4  http://b/"}},
		"a table with quotes and breaks":  {FormatCSV, "url,id\n\"http://a/?x=1,2\",\"one\ntwo \"\"2\"\"\"\nhttp://b/,b\n", []string{"2 one\ntwo \"2\" http://a/?x=1,2", "4 b http://b/"}},
		"a stray quote harms one row":     {FormatCSV, "url,id\nhttp://a/,a\"b\nhttp://b/,b\n", []string{"2 refused: the row: given 13 bytes; allowed", "3 b http://b/"}},
		"a row of another length":         {FormatCSV, "url,id\nhttp://a/\nhttp://b/,b\n", []string{"2 refused: the row: given 1 cell; allowed: ", "3 b http://b/"}},
		"a row that is too long":          {FormatCSV, "url,id\n" + long + ",x\nhttp://b/,b\n", []string{"2 refused: the line: given more than 65536 ", "3 b http://b/"}},
		"a row that is no UTF-8":          {FormatCSV, "url,id\nhttp://a/,\xff\nhttp://b/,b\n", []string{"2 refused: the row: given 11 bytes; allowed", "3 b http://b/"}},
		"a table without rows":            {FormatCSV, "url\n", nil},
		"a table whose end is not marked": {FormatCSV, "url\nhttp://a/", []string{"2  http://a/"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(test.file, test.format)
			if err != nil {
				t.Fatalf("Read: %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Read(%.200q) (-want +got):\n%s", test.file, diff)
			}
		})
	}
}

// TestFileIsRefused: a file that is not what it is said to be is refused as a whole.
func TestFileIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		format     Format
		file, want string
	}{
		"a format":                    {"xlsx", "", "the format: given xlsx; allowed: csv, json or jsonl"},
		"one object":                  {FormatJSON, `{"url":"http://a/"}`, "the file: given something else; allowed: one JSON list"},
		"no list":                     {FormatJSON, ``, "the file: given something else; allowed: one JSON list"},
		"half a list":                 {FormatJSON, `[{"url":"http://a/"},`, "the file: given something else; allowed: one JSON list"},
		"a list that is not closed":   {FormatJSON, `[{"url":"http://a/"}`, "the file: given something else; allowed: one JSON list"},
		"two lists":                   {FormatJSON, `[][]`, "the file: given more after the list"},
		"an element without end":      {FormatJSON, `["` + strings.Repeat("x", 1<<20), "more than 65536 bytes"},
		"no columns":                  {FormatCSV, "", "the file: given no rows"},
		"a column that is not known":  {FormatCSV, "url,Time out\n", "column 2 of the first row: given Time out; allowed: no such column"},
		"a column twice":              {FormatCSV, "url,URL\n", "column 2 of the first row: given URL; allowed: every column once"},
		"no column url":               {FormatCSV, "id,method\n", "the first row: given 2 cells, none of them url; allowed: the names of columns, url among them"},
		"colons":                      {FormatCSV, "id:url\n", "the columns, with commas between them, are body"},
		"a header's column":           {FormatCSV, "url,header.a b\n", "column 2 of the first row: given header.a b"},
		"a first row with a quote":    {FormatCSV, "url,i\"d\n", "the row: given url,i\"d"},
		"a first row without end":     {FormatCSV, strings.Repeat("x", 70000), "the line: given more than 65536 bytes"},
		"a line number in the header": {FormatCSV, "line,url\n", "column 1 of the first row: given line"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(test.file, test.format)
			if _, ok := err.(job.InvalidInput); !ok || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Read: %T %v, want an InvalidInput with %q", err, err, test.want)
			}
		})
	}
}

func TestReadStopsAtAFault(t *testing.T) {
	fault := errors.New("connection reset")
	for _, format := range []Format{FormatCSV, FormatJSON, FormatJSONL} {
		start := map[Format]string{FormatCSV: "url\n", FormatJSON: "[", FormatJSONL: ""}[format]
		file := io.MultiReader(strings.NewReader(start), iotest.ErrReader(fault))
		var last error
		for _, err := range Read(file, format) {
			last = err
		}
		if last != fault {
			t.Errorf("Read of %s: %v, want the reader's own error", format, last)
		}
	}
}

func TestReadStopsWhenNobodyWantsMore(t *testing.T) {
	for format, file := range map[Format]string{
		FormatCSV: "url\nhttp://a/\nhttp://b/", FormatJSON: `[{"url":"http://a/"},{"url":"http://b/"}]`, FormatJSONL: "{\"url\":\"http://a/\"}\n{\"url\":\"http://b/\"}",
	} {
		seen := 0
		for _, err := range Read(strings.NewReader(file), format) {
			if seen++; err != nil {
				t.Errorf("Read of %s: %v", format, err)
			}
			break
		}
		if seen != 1 {
			t.Errorf("Read of %s: %d items after the first was enough", format, seen)
		}
	}
}

func TestColumns(t *testing.T) {
	columns, err := ParseColumns([]string{"id", "url", "method", "header.X-Key", "header.accept", "body", "timeout", "retry", "redirects", "connection", "maxBody",
		"expect.status", "expect.maxLatency", "expect.bodyContains"})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ row, line string }{
		"everything": {`7|http://a/|POST|k|text/html|5|2s|true|no|shared|9|200 204 3xx|1s|"fine"`,
			`{"id":"7","url":"http://a/","method":"POST","headers":{"X-Key":"k","accept":"text/html"},"body":"5","timeout":"2s","retry":true,"redirects":"no","connection":"shared","maxBody":9,"expect":{"status":[200,204,"3xx"],"maxLatency":"1s","bodyContains":"\"fine\""}}`},
		"empty cells": {`|http://a/|||||||||  |||`, `{"url":"http://a/"}`},
		"as a spreadsheet writes it": {` 7| http://a/ |post| k ||5|2s |TRUE|NO|SHARED||2XX 404||`,
			`{"id":" 7","url":"http://a/","method":"POST","headers":{"X-Key":"k"},"body":"5","timeout":"2s","retry":true,"redirects":"no","connection":"shared","expect":{"status":["2xx",404]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := ParseCheck([]byte(test.line))
			if err != nil {
				t.Fatal(err)
			}
			got, err := columns.Parse(strings.Split(test.row, "|"))
			if err != nil {
				t.Fatalf("Parse(%q): %v", test.row, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Parse(%q) (-want +got):\n%s", test.row, diff)
			}
		})
	}
	for row, want := range map[string]string{
		`|http://a/||||||yes||||||`:      `retry: given "yes"; allowed: true or false`,
		`|http://a/||||||||| many|||`:    `maxBody: given "many"`,
		`|http://a/|||||||||| 20x |||`:   `14, one for every column`,
		`|http://a/|||||||||| 20x||`:     `expect.status: given ["20x"]`,
		`|http://a/||||||||||200,,204||`: `expect.status: given ["200,,204"]`,
		`|http://a/||||||||||00200||`:    `expect.status: given ["00200"]`,
	} {
		if _, err := columns.Parse(strings.Split(row, "|")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v, want %q", row, err, want)
		}
	}
}

// TestReadTellsWhatBroke: behind a list, too, a connection that breaks is no fault of the file.
func TestReadTellsWhatBroke(t *testing.T) {
	broken := errors.New("connection reset")
	for _, file := range []string{`[`, `[{"url":"http://a/"}`, `[{"url":"http://a/"}]`} {
		var last error
		for _, err := range Read(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)), FormatJSON) {
			last = err
		}
		if last != broken {
			t.Errorf("Read(%s…): error %v, want %v", file, last, broken)
		}
	}
	for _, file := range []string{"1E700", "[] 1E700", "[] ["} {
		var last error
		for _, err := range Read(strings.NewReader(file), FormatJSON) {
			last = err
		}
		if _, ok := last.(job.InvalidInput); !ok {
			t.Errorf("Read(%s): %T %v, want InvalidInput", file, last, last)
		}
	}
}
