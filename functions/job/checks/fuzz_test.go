package checks

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// FuzzParseCheck: what is refused is refused by the named type, with a place and in words; what is
// accepted lies within the bounds, and comes back from an Item as it was.
func FuzzParseCheck(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"url":"https://example.com/"}`, `{"url":"http://[::1]:80/%zz"}`, `{"id":7e5,"url":"http://a"}`,
		`{"id":"shop/7","url":"HTTP://Shop.example:8080/a?b=c#d","method":"POST","headers":{"x-key":"s3cret","HOST":"other.example"},"body":"{}","timeout":"2.5s","retry":true,"redirects":"no","connection":"shared","maxBody":5,"expect":{"status":[204,"3xx"],"maxLatency":"2s","bodyContains":"fine"}}`,
		`{"url":"http://é.example/\u2028","expect":{"status":"2xx"},"timeout":"1h"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseCheck(data)
		if err != nil {
			e, ok := err.(job.InvalidInput)
			if !ok || len(e.Problems) == 0 {
				t.Fatalf("ParseCheck(%q): %T %v", data, err, err)
			}
			for _, p := range e.Problems {
				if p.Field == "" && !strings.Contains(string(data), `""`) || p.Given == "" || p.Allowed == "" {
					t.Errorf("ParseCheck(%q): a problem without words: %+v", data, p)
				}
			}
			return
		}
		if c.Host() == "" || c.Timeout < MinTimeout || c.Timeout > MaxTimeout || c.MaxBody < 1 || len(c.Expect.Status) == 0 || c.Expect.MaxLatency > c.Timeout {
			t.Errorf("ParseCheck(%q) = %+v", data, c)
		}
		item := newItem(3, data, c, nil)
		written, err := json.Marshal(item)
		if err != nil {
			t.Fatalf("%+v, read from %q, cannot be written: %v", c, data, err)
		}
		var again Item
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatalf("%s, written of %q, cannot be read: %v", written, data, err)
		}
		if diff := cmp.Diff(item, again); diff != "" {
			t.Errorf("%q comes back (-want +got):\n%s", data, diff)
		}
	})
}

// FuzzRead: no file, whatever is in it, makes a reader fail by any but the named type, lose its count of
// lines, or pass on an item that is too long.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"url,id\n\"http://a/\",\"one\ntwo\"\nhttp://b/,b\n", "\ufeffid,url,expect.status\r\na,http://a/,200 3xx\r\n", "url\n\"\n", "\"url\"\n\n,\n",
		`[{"url":"http://a/"},7]`, `[[[`, "{\"url\":\"http://a/\"}\n\n{}\n",
	} {
		for _, format := range []string{"csv", "json", "jsonl"} {
			f.Add(seed, format)
		}
	}
	f.Fuzz(func(t *testing.T, file, format string) {
		last := 0
		for item, err := range Read(strings.NewReader(file), Format(format)) {
			if err != nil {
				if _, ok := err.(job.InvalidInput); !ok {
					t.Errorf("Read(%q): %T %v", file, err, err)
				}
				continue
			}
			if item.Line <= last {
				t.Errorf("Read(%q): line %d after %d", file, item.Line, last)
			}
			last = item.Line
			if data, err := json.Marshal(item); err != nil || len(data) > 2*MaxItemBytes {
				t.Errorf("Read(%q): line %d of %d bytes, %v", file, item.Line, len(data), err)
			}
			if (item.Refused == "") == (item.Check.URL == "") {
				t.Errorf("Read(%q): line %d is neither a check nor refused: %+v", file, item.Line, item)
			}
		}
	})
}
