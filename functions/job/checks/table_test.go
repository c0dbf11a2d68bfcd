package checks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuotesThatAreMissing harm the line that they are missing from, and no other.
func TestQuotesThatAreMissing(t *testing.T) {
	const u = "http://a/"
	long := strings.Repeat("x", MaxLineBytes)
	for name, test := range map[string]struct {
		columns string
		lines   []string
		want    []string
	}{
		"a quote that another line closes": {"url,id", []string{`"` + u + ",1", u + ",2", u + ",3", u + `,"4"`, u + ",5"},
			[]string{"2 bad", "3 2", "4 3", "5 4", "6 5"}},
		"a quote without end":           {"url,id", []string{u + `,"1`, u + ",2", "", u + ",3"}, []string{"2 bad", "3 2", "5 3"}},
		"one in the last line":          {"url,id", []string{u + ",1", u + `,"2`}, []string{"2 1", "3 bad"}},
		"one before a line too long":    {"url,id", []string{u + `,"1`, u + ",2", long + "x", u + ",3"}, []string{"2 bad", "3 2", "4 bad", "5 3"}},
		"one in every line":             {"url,id", []string{u + `,"1`, u + `,"2`, u + `,"3`}, []string{"2 bad", "3 bad", "4 bad"}},
		"an address of several lines":   {"url,id", []string{`"` + u + ",1", u + ",2", u + `",3`, u + ",4"}, []string{"2 bad", "3 2", "4 bad", "5 4"}},
		"a row that has too many cells": {"url,id", []string{u + `,"1`, u + `",2,3`, u + ",4"}, []string{"2 bad", "3 bad", "4 4"}},
		"a quote within a quote":        {"url,id", []string{u + `,"1`, u + `,"2"`, u + ",3"}, []string{"2 bad", "3 2", "4 3"}},
		"a body of several lines": {"url,method,body,id", []string{u + `,POST,"{`, `  ""a"": 1,`, "", `}",1`, u + ",,,2"},
			[]string{"2 1 {\n  \"a\": 1,\n\n}", "6 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := test.columns + "\n" + strings.Join(test.lines, "\r\n")
			var got []string
			for item, err := range Read(strings.NewReader(file), FormatCSV) {
				switch {
				case err != nil:
					t.Fatal(err)
				case item.Refused != "":
					got = append(got, fmt.Sprint(item.Line, " bad"))
				default:
					got = append(got, strings.TrimSpace(fmt.Sprint(item.Line, " ", item.Check.ID, " ", item.Check.Body)))
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("Read(%.300q) (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestQuoteFarFromItsEnd: what is looked at for it is bounded, and so is what is read again.
func TestQuoteFarFromItsEnd(t *testing.T) {
	const lines = 20_000
	file := "url,id\nhttp://a/,\"b\n" + strings.Repeat("http://b/,b\n", lines) + "http://c/,\"c\"\n"
	good, bad := 0, 0
	for item, err := range Read(strings.NewReader(file), FormatCSV) {
		switch {
		case err != nil:
			t.Fatal(err)
		case item.Refused == "":
			good++
		case item.Line != 2 || !strings.Contains(item.Refused, "at most 65536 bytes; a quote may be missing"):
			t.Errorf("line %d: %s", item.Line, item.Refused)
		default:
			bad++
		}
	}
	if good != lines+1 || bad != 1 {
		t.Errorf("%d good and %d bad lines, want %d and 1", good, bad, lines+1)
	}
}

// TestTableOfAnotherCountry: spreadsheets put semicolons or tabs where others have commas, and people write
// names of columns as they like.
func TestTableOfAnotherCountry(t *testing.T) {
	for name, file := range map[string]string{
		"semicolons":            "id;url;retry\na;http://a/?x=1,2;WAHR\nb;http://b/;TRUE\n\"c;d\";http://c/;\n",
		"tabs":                  "id\turl\tretry\na\thttp://a/?x=1,2\tWAHR\nb\thttp://b/\tTrue\nc;d\thttp://c/\t\n",
		"quotes and capitals":   "\"ID\";\"URL\";\" Retry \"\na;http://a/?x=1,2;WAHR\nb;http://b/;TRUE\n\"c;d\";http://c/;\n",
		"commas, and semicolon": "Id,Url,RETRY\na,\"http://a/?x=1,2\",WAHR\nb,http://b/,TRUE\nc;d,http://c/,\n",
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for item, err := range Read(strings.NewReader(file), FormatCSV) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprint(item.Check.ID, " ", item.Check.URL, " ", item.Check.Retry, " ", item.Refused))
			}
			want := []string{`a  false retry: given "WAHR"; allowed: true or false`, "b http://b/ true ", "c;d http://c/ false "}
			for i := range got {
				got[i] = strings.TrimSuffix(got[i], "\n")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read(%q) (-want +got):\n%s", file, diff)
			}
		})
	}
	if _, err := ParseColumns([]string{"URL", "HEADER.X-Key", "EXPECT.STATUS"}); err != nil {
		t.Errorf("names in capitals: %v", err)
	}
	var row strings.Builder
	for item := range Read(strings.NewReader("id;url\na;b;c\n\"x\"y;http://a/\n"), FormatCSV) {
		row.WriteString(item.Refused)
	}
	if !strings.Contains(row.String(), "3 cells") || !strings.Contains(row.String(), "cells with semicolons between them") {
		t.Errorf("refusals say %s", row.String())
	}
}

// TestLinesThatAreRefusedAreToldApart, and show what they give as far as it may be shown.
func TestLinesThatAreRefusedAreToldApart(t *testing.T) {
	marks := map[string]string{}
	for _, c := range []struct{ line, given string }{
		{`{"url":"htps://x/?token=hunter2"}`, "htps://x/?…"},
		{`{"url":"htps://x/?token=hunter3"}`, "htps://x/?…"},
		{`{"url":"htps://me:hunter2@x/"}`, "…@x/"},
		{`{"url":"htps://` + strings.Repeat("x", 500) + `"}`, "htps://" + strings.Repeat("x", maxGivenBytes-7)},
		{`{"url":"http://a/","timeout":1}`, "http://a/"},
		{`{"url":7}`, ""},
		{`{"url":"http://a/"`, ""},
	} {
		for item, err := range Read(strings.NewReader(c.line), FormatJSONL) {
			if err != nil || item.Refused == "" || item.Given != c.given || item.Check.URL != "" {
				t.Errorf("%s is %+v, %v, want it refused with %s", c.line, item, err, c.given)
			}
			if other, twice := marks[item.Mark]; twice || item.Mark == "" {
				t.Errorf("%s and %s have the same mark %q", c.line, other, item.Mark)
			}
			marks[item.Mark] = c.line
			data, err := item.MarshalJSON()
			if err != nil || strings.Contains(string(data), "hunter") {
				t.Errorf("%s is passed on as %s, %v", c.line, data, err)
			}
			var again Item
			if err := again.UnmarshalJSON(data); err != nil || cmp.Diff(item, again) != "" {
				t.Errorf("%s comes back, %v (-want +got):\n%s", data, err, cmp.Diff(item, again))
			}
		}
	}
}
