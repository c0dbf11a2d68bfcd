package manifest

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mapfleet/functions/job"
)

// walk reads all of a list, and checks what holds of every entry and of every refusal.
func walk(t *testing.T, r Reader, in Scope) (entries int, refused bool) {
	t.Helper()
	for steps := 0; ; steps++ {
		e, err := r.Next()
		bad, isBad := errors.AsType[*Bad](err)
		switch {
		case err == io.EOF:
			if _, again := r.Next(); again != io.EOF && !isBad {
				t.Errorf("behind the end: %v", again)
			}
			return entries, refused
		case isBad:
			refused = true
			if bad.Field == "" || bad.Given == "" || bad.Allowed == "" || len(bad.Given) > 130 || !utf8.ValidString(bad.Error()) {
				t.Errorf("a refusal says %q", bad.Error())
			}
			if bad.Last {
				return entries, refused
			}
		case err != nil:
			t.Fatalf("%T %v is neither the end nor a Bad", err, err)
		default:
			entries++
			key := e.Item.Key
			if key == "" || len(key) > job.MaxKeyBytes || !utf8.ValidString(key) || e.Left == "" && !strings.HasPrefix(key, in.Prefix) || e.Item.Size < -1 {
				t.Errorf("entry %+v", e)
			}
		}
		if steps > 1<<20 {
			t.Fatal("there is no end")
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "in/a\nin/b\r\n", "key,size\nin/a,5\n", "photos,in/a%20b\n", "\"in/a,\"\"b\"\"\n\"\n", "\ufeffKey\n\n\"\"", "a;key\n", "\"a\"b\n\"c", ",\n,,\n", "key,key"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		walk(t, NewReader(job.ManifestCSV, bytes.NewReader(list), "m", Scope{Bucket: "photos"}), Scope{})

		// What encoding/csv takes is taken here, and the other way round. It drops the CR of a CRLF in a field.
		if len(list) > MaxEntryBytes/2 || bytes.Contains(list, []byte("\r")) || bytes.Contains(list, []byte(" \n")) || slices.ContainsFunc(bytes.Split(list, []byte("\n")), func(line []byte) bool {
			return len(line) > 0 && len(bytes.TrimSpace(line)) == 0
		}) {
			return
		}
		reader := csv.NewReader(bytes.NewReader(list))
		reader.FieldsPerRecord = -1
		want, wantErr := reader.ReadAll()
		var got [][]string
		var gotErr error
		for r := (records{source: newSource(bytes.NewReader(list), "m")}); gotErr == nil; {
			var found record
			if found, gotErr = r.next(); gotErr == nil {
				row := make([]string, len(found.fields))
				for i, field := range found.fields {
					row[i] = string(field)
				}
				got = append(got, row)
			}
		}
		if (gotErr == io.EOF) != (wantErr == nil) {
			t.Fatalf("%q: %v, want %v", list, gotErr, wantErr)
		}
		if wantErr == nil && !slices.EqualFunc(want, got, slices.Equal[[]string]) {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"", "[]", `["in/a",{"Key":"in/b","Size":5}]`, "[\n1 ,\n\"a\"\n]\n", `[{"a":["]",{"b":"\"}"}]}]`, "[,]", `["a",]`, "[1 2]", "{}", `[[],[[]]]x`, `["\\"]`, "[}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		if len(list) > MaxEntryBytes {
			return
		}
		walk(t, newArrayReader(bytes.NewReader(list), "m", Scope{}), Scope{})

		// The elements are those that encoding/json finds.
		var want []json.RawMessage
		if json.Unmarshal(list, &want) != nil || want == nil {
			return
		}
		r := newArrayReader(bytes.NewReader(list), "m", Scope{})
		for i, element := range want {
			c, err := r.start()
			if err == nil {
				err = r.read(c)
			}
			if err != nil || !bytes.Equal(r.element, element) {
				t.Fatalf("%q: element %d is %q, %v, want %q", list, i, r.element, err, element)
			}
		}
		if _, err := r.start(); err != io.EOF {
			t.Errorf("%q: behind the last element: %v", list, err)
		}
	})
}

func FuzzJSONLines(f *testing.F) {
	for _, seed := range []string{"", "\"in/a\"\n{\"Key\":\"in/b\"}\r\n\n", `{"Bucket":"photos","Key":"a","IsLatest":"false"}`, "{\"bucket\":1,\"key\":\"a\"}", "\"\\ud800\"", "[1]\nnull", "{\"Key\":\"\xff\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		entries, refused := walk(t, NewReader(job.ManifestJSONLines, bytes.NewReader(list), "m", Scope{Bucket: "photos"}), Scope{})
		lines := 0
		for line := range bytes.Lines(list) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		if !refused && entries != lines {
			t.Errorf("%q: %d entries in %d lines, and none was refused", list, entries, lines)
		}
	})
}

func FuzzInventory(f *testing.F) {
	f.Add([]byte(inventory(nil)), []byte(listOf("photos,in/a+%2B,v1,true,false,5,2026-11-02T15:04:05.000Z,e,STANDARD")))
	f.Add([]byte(inventory(map[string]any{"fileSchema": "Key"})), []byte("in/a\n%zz\n"))
	f.Add([]byte(inventory(map[string]any{"fileSchema": "Bucket, Key, IsDeleteMarker", "files": []any{}})), []byte("photos,in/a,true\n"))
	f.Add([]byte("{}"), []byte{})
	f.Add([]byte("{\"fileFormat\":\"ORC\",\"files\":[{}]}"), []byte("ORC"))
	f.Fuzz(func(t *testing.T, content, list []byte) {
		v, err := ReadInventory(bytes.NewReader(content), "m", scope)
		if invalid, ok := err.(job.InvalidInput); ok {
			if len(invalid.Problems) == 0 {
				t.Errorf("%q is refused without a word", content)
			}
			return
		}
		if err != nil || v.Bucket == "" || !slices.Contains(v.columns, columnKey) {
			t.Fatalf("%q: %+v, %v", content, v, err)
		}
		for _, sum := range []string{sumOf(string(list)), "another"} {
			r, err := v.NewReader(InventoryFile{Key: "k", MD5: sum}, bytes.NewReader(list), scope)
			if err != nil {
				if _, isBad := errors.AsType[*Bad](err); !isBad {
					t.Errorf("%T %v", err, err)
				}
				return
			}
			if _, refused := walk(t, r, scope); !refused && sum == "another" {
				t.Errorf("%q is taken for a file with another checksum", list)
			}
		}
	})
}

// FuzzUnpack: what gzip made comes back, and what it did not make is refused or read as it is.
func FuzzUnpack(f *testing.F) {
	for _, seed := range []string{"", "in/a\n", packed("in/a\n"), packed("")[:12], packed(packed("x")), "\ufeffin/a", "PK\x03\x04", "\x1f", "\x1f\x8b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		read := func(list []byte) ([]byte, error) {
			r, err := Unpack(bytes.NewReader(list), "m")
			if err != nil {
				return nil, err
			}
			return io.ReadAll(io.LimitReader(r, 1<<20))
		}
		plain, err := read(list)
		if _, isBad := errors.AsType[*Bad](err); err != nil && !isBad {
			t.Fatalf("%q: %T %v", list, err, err)
		}
		if err == nil && !bytes.HasPrefix(list, []byte("\x1f\x8b")) {
			if want := bytes.TrimPrefix(list, []byte("\ufeff")); !bytes.Equal(plain, want[:min(len(want), 1<<20)]) {
				t.Errorf("%q is read as %q", list, plain)
			}
			again, err := read([]byte(packed(string(list))))
			if err != nil || !bytes.Equal(again, plain) {
				t.Errorf("%q packed is read as %q, %v, want %q", list, again, err, plain)
			}
		}
	})
}
