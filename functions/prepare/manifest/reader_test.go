package manifest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

var scope = Scope{Bucket: "photos", Prefix: "in/"}

// read returns what a list holds, one word an entry: the key, with what else is known of it behind; or the
// code by which it is left out.
func read(t *testing.T, format job.ManifestFormat, list string) ([]string, error) {
	t.Helper()
	unpacked, err := Unpack(strings.NewReader(list), "m")
	if err != nil {
		return nil, err
	}
	return all(NewReader(format, unpacked, "m", scope))
}

func all(r Reader) ([]string, error) {
	var found []string
	err := ReadAll(r, func(e Entry) error {
		words := []string{e.Item.Key}
		if e.Item.Size >= 0 {
			words = append(words, fmt.Sprint(e.Item.Size))
		}
		for _, more := range []string{e.Item.ETag, e.Item.StorageClass, e.Left} {
			if more != "" {
				words = append(words, more)
			}
		}
		if !e.Item.LastModified.IsZero() {
			words = append(words, e.Item.LastModified.Format(time.RFC3339))
		}
		found = append(found, strings.Join(words, " "))
		return nil
	})
	return found, err
}

func packed(list string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(list))
	_ = w.Close()
	return b.String()
}

const full = "in/a 5 e STANDARD 2026-11-02T15:04:05Z"

func TestReaders(t *testing.T) {
	long := "in/" + strings.Repeat("x", 1021)
	for _, c := range []struct {
		name   string
		format job.ManifestFormat
		list   string
		want   []string
	}{
		{"nothing", job.ManifestCSV, "", nil},
		{"keys", job.ManifestCSV, "in/a\nin/b\n", []string{"in/a", "in/b"}},
		{"CRLF, empty lines, and no end of the last line", job.ManifestCSV, "\r\nin/a\r\n\r\n  \nin/b", []string{"in/a", "in/b"}},
		{"spaces belong to a key", job.ManifestCSV, "in/ a \n", []string{"in/ a "}},
		{"quotes around a comma, a quote, a line break", job.ManifestCSV, "\"in/a,b\"\n\"in/5\"\" wide\"\n\"in/c\r\nd\"\nin/e", []string{"in/a,b", `in/5" wide`, "in/c\r\nd", "in/e"}},
		{"a header in small letters", job.ManifestCSV, "key\nin/a\n", []string{"in/a"}},
		{"a header as S3's listing has it", job.ManifestCSV, "Key,ETag,Size,LastModified,StorageClass\nin/a,\"\"\"e\"\"\",5,2026-11-02T15:04:05.000Z,STANDARD\n", []string{full}},
		{"a header as databases have it", job.ManifestCSV, "storage_class,last_modified_date,size,e_tag,KEY\nSTANDARD,2026-11-02 15:04:05,5,e,in/a\n", []string{full}},
		{"a header in quotes, with spaces", job.ManifestCSV, "\"Key\", Size \nin/a,5\n", []string{"in/a 5"}},
		{"columns that are nobody's business", job.ManifestCSV, "customer,key,note\n7,in/a,\"x,y\"\n", []string{"in/a"}},
		{"a column of buckets", job.ManifestCSV, "bucket,key\nphotos,in/a%20+b\n", []string{"in/a%20+b"}},
		{"empty columns are unknown", job.ManifestCSV, "key,size,etag,lastModified\nin/a,,,\n", []string{"in/a"}},
		{"epochs", job.ManifestCSV, "key,lastModified\nin/a,1793631845\n", []string{"in/a 2026-11-02T15:04:05Z"}},
		{"versions", job.ManifestCSV, "key,isLatest,isDeleteMarker\nin/a,true,false\nin/b,false,false\nin/c,TRUE,True\n", []string{"in/a", "in/b OldVersion", "in/c DeleteMarker"}},
		{"an old version may be out of the prefix", job.ManifestCSV, "key,isLatest\nout/a,false\n", []string{"out/a OldVersion"}},
		{"as S3 Batch Operations has it", job.ManifestCSV, "photos,in/a+b%2Bc%C3%A9.jpg\n\"photos\",\"in/d\"\n", []string{"in/a b+cé.jpg", "in/d"}},
		{"with versions of objects", job.ManifestCSV, "photos,in/a,v1\nphotos,in/b,\n", []string{"in/a", "in/b"}},
		{"the mark of an editor", job.ManifestCSV, "\ufeffkey\nin/a\n", []string{"in/a"}},
		{"gzip", job.ManifestCSV, packed("in/a\nin/b\n"), []string{"in/a", "in/b"}},
		{"gzip in two members", job.ManifestCSV, packed("in/a\n") + packed("in/b\n"), []string{"in/a", "in/b"}},
		{"gzip, and in it the mark of an editor", job.ManifestCSV, packed("\ufeffkey\nin/a\n"), []string{"in/a"}},
		{"gzip of nothing", job.ManifestCSV, packed(""), nil},
		{"the longest key", job.ManifestCSV, long + "\n", []string{long}},

		{"nothing", job.ManifestJSON, " \n", nil},
		{"no elements", job.ManifestJSON, "[ ]\n", nil},
		{"strings", job.ManifestJSON, `["in/a","in/\u00e9 \"b\" [1,2]"]`, []string{"in/a", `in/é "b" [1,2]`}},
		{"objects", job.ManifestJSON, "[\n {\"Key\":\"in/a\",\"Size\":5,\"ETag\":\"\\\"e\\\"\",\"StorageClass\":\"STANDARD\",\"LastModified\":\"2026-11-02T15:04:05Z\"} ,\n {\"key\":\"in/b\",\"tags\":{\"x\":[1,{\"]\":\"}\"}]}}\n]\n", []string{full, "in/b"}},
		{"strings and objects", job.ManifestJSON, `["in/a",{"Key":"in/b","Size":"7"}]`, []string{"in/a", "in/b 7"}},
		{"gzip and a mark", job.ManifestJSON, packed("\ufeff[\"in/a\"]"), []string{"in/a"}},

		{"nothing", job.ManifestJSONLines, "\n\n", nil},
		{"strings and objects", job.ManifestJSONLines, "\"in/a\"\r\n\n  {\"Key\":\"in/b\",\"Size\":5}\n", []string{"in/a", "in/b 5"}},
		{"failures", job.ManifestJSONLines, `{"key":"in/a","variant":"s","code":"Gone","message":"no bucket"}`, []string{"in/a"}},
		{"versions", job.ManifestJSONLines, "{\"Bucket\":\"photos\",\"Key\":\"in/a\",\"IsLatest\":true}\n{\"Key\":\"in/b\",\"IsLatest\":\"false\"}\n{\"Key\":\"in/c\",\"IsDeleteMarker\":true,\"IsLatest\":null}\n", []string{"in/a", "in/b OldVersion", "in/c DeleteMarker"}},
		{"gzip", job.ManifestJSONLines, packed("\"in/a\"\n"), []string{"in/a"}},
	} {
		t.Run(string(c.format)+"/"+c.name, func(t *testing.T) {
			got, err := read(t, c.format, c.list)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v; entries (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestReadersAreNotTiedToTheirBuffers reads lists that come a byte at a time, and lists of entries as long
// as they may be.
func TestReadersAreNotTiedToTheirBuffers(t *testing.T) {
	wide := strings.Repeat("x", MaxEntryBytes-100)
	for format, list := range map[job.ManifestFormat]string{
		job.ManifestCSV:       "key,note\n" + strings.Repeat("in/a,"+wide+"\n\"in/b\",\""+wide+"\"\n", 3),
		job.ManifestJSON:      "[" + strings.Repeat(`{"Key":"in/a","note":"`+wide+`"},"in/b",`, 2) + `{"Key":"in/a","note":"` + wide + `"},"in/b"]`,
		job.ManifestJSONLines: strings.Repeat(`{"Key":"in/a","note":"`+wide+"\"}\n\"in/b\"\n", 3),
	} {
		t.Run(string(format), func(t *testing.T) {
			got, err := all(NewReader(format, iotest.OneByteReader(strings.NewReader(list)), "m", scope))
			if diff := cmp.Diff([]string{"in/a", "in/b", "in/a", "in/b", "in/a", "in/b"}, got); diff != "" || err != nil {
				t.Errorf("%v; entries (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestConnectionThatBreaksIsNoBadList: what cannot be read is the world's fault, in any format, packed or
// not.
func TestConnectionThatBreaksIsNoBadList(t *testing.T) {
	reset := errors.New("connection reset")
	for format, list := range map[job.ManifestFormat]string{
		job.ManifestCSV: "\"in/a\"\n\"in/b", job.ManifestJSON: `["in/a",{"Key"`, job.ManifestJSONLines: "\"in/a\"\n{\"Key",
	} {
		for _, whole := range []string{list, packed(list)[:20], packed(list)[:5]} {
			broken := io.MultiReader(strings.NewReader(whole), iotest.ErrReader(reset))
			unpacked, err := Unpack(broken, "m")
			if err == nil {
				_, err = all(NewReader(format, unpacked, "m", scope))
			}
			if err != reset {
				t.Errorf("%s, broken behind %q: %v, want %v", format, whole, err, reset)
			}
		}
	}
}

// TestReadersTake what looks like something that they refuse.
func TestReadersTake(t *testing.T) {
	for line, key := range map[string]string{
		`"in/\ud83d\ude00.jpg"`:                           "in/😀.jpg",
		`"in/\ufffd.jpg"`:                                 "in/\ufffd.jpg",
		`"in/` + "\ufffd" + `.jpg"`:                       "in/\ufffd.jpg",
		`{"Key":"in/a","more":{"Key":"in/b"}}`:            "in/a",
		`{"Key":"in/a","title":"\"key\"","KEY2":["key"]}`: "in/a",
	} {
		r := NewReader(job.ManifestJSONLines, strings.NewReader(line), "list", Scope{Bucket: "photos", Prefix: "in/"})
		if e, err := r.Next(); err != nil || e.Item.Key != key {
			t.Errorf("%s: %q, %v, want %q", line, e.Item.Key, err, key)
		}
	}
}
