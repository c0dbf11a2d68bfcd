package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"mapfleet/functions/job"
)

// TestReadersRefuse holds one wrong thing a row: it is named by its place, in words that tell what stands
// there and what is allowed.
func TestReadersRefuse(t *testing.T) {
	const (
		prefixed  = `a key of 1 to 1024 bytes that starts with the deployment's prefix "in/"`
		bucket    = "objects of the source bucket photos"
		quotes    = "quotes around a field with a quote in it"
		behind    = "a comma, or the end of the line, behind a quoted field"
		unclosed  = "a quote at the end of the quoted field, at most 65536 bytes behind"
		numbers   = `"Size" a number of bytes and "LastModified" a date`
		header    = `a header with a column "key"`
		meaning   = `one column of keys (those with a comma in quotes), or a header that names the column "key", or the columns of S3 Batch Operations: photos, then the key`
		twice     = "each column once: there are two for "
		commas    = "columns with commas between them"
		urls      = "a URL-encoded key"
		latest    = `"IsLatest", if there, true or false`
		deleted   = `"IsDeleteMarker", if there, true or false`
		utf8      = "UTF-8, as all keys are"
		nul       = "a key without NUL"
		endings   = "lines that end in LF or CRLF"
		line      = "at most 65536 bytes a line"
		array     = "one JSON array of strings or objects"
		next      = "a comma and the next element, or ] at the end"
		texts     = "text in UTF-8, gzipped once or not at all"
		wholeGzip = "a whole gzip file: this one is damaged or cut"
		csv       = job.ManifestCSV
		list      = job.ManifestJSON
		lines     = job.ManifestJSONLines
	)
	long := strings.Repeat("x", MaxEntryBytes)
	damaged := []byte(packed("in/a\nin/b\n"))
	damaged[len(damaged)-8] ^= 1 // of the checksum
	for _, c := range []struct {
		name                        string
		format                      job.ManifestFormat
		list, place, given, allowed string
	}{
		{"a key elsewhere", csv, "in/a\nout/b\n", "line 2", "out/b", prefixed},
		{"a key elsewhere below a header", csv, "key,size\nin/a,5\nout/b,5\n", "line 3", "out/b,5", prefixed},
		{"an empty key", csv, "key,size\n,5\n", "line 2", ",5", prefixed},
		{"an empty key in quotes", csv, "in/a\n\"\"\n", "line 2", `""`, prefixed},
		{"a key beyond S3's length", csv, "in/a\nin/" + strings.Repeat("x", 1022) + "\n", "line 2", "in/xxx", prefixed},
		{"a key with a slash too many in front", csv, "/in/a\n", "line 1", "/in/a", prefixed},
		{"a URL", csv, "s3://photos/in/a\n", "line 1", "s3://photos/in/a", prefixed},
		{"another bucket", csv, "bucket,key\nphotos,in/a\nother,in/b\n", "line 3", "other,in/b", bucket},
		{"another bucket, without a header", csv, "photos,in/a\nother,in/b\n", "line 2", "other,in/b", bucket},
		{"a bucket in another case", csv, "bucket,key\nPhotos,in/a\n", "line 2", "Photos,in/a", bucket},
		{"columns that nobody explains", csv, "in/a,5\n", "line 1", "in/a,5", meaning},
		{"a key with a comma, not in quotes", csv, "in/a\nin/b,c\n", "line 2", "in/b,c", "as many columns as the first line, 1; this one has 2 (a field with a comma in it needs quotes)"},
		{"a first key with a comma, not in quotes", csv, "in/b,c.jpg\nin/a\n", "line 1", "in/b,c.jpg", meaning},
		{"too few columns", csv, "key,size\nin/a\n", "line 2", "in/a", "as many columns as the first line, 2; this one has 1"},
		{"too many columns", csv, "key,size\nin/a,5,\n", "line 2", "in/a,5,", "as many columns as the first line, 2; this one has 3"},
		{"a header without a key", csv, "bucket,size\nphotos,5\n", "line 1", "bucket,size", header},
		{"a header of a size alone", csv, "Size\n5\n", "line 1", "Size", header},
		{"two columns of keys", csv, "key,Key\nin/a,in/b\n", "line 1", "key,Key", twice + "Key"},
		{"two columns of dates", csv, "key,lastModified,LastModifiedDate\n", "line 1", "key,", twice + "LastModified"},
		{"semicolons", csv, "key;size\nin/a;5\n", "line 1", "key;size", commas},
		{"tabs", csv, "size\tkey\n5\tin/a\n", "line 1", "size\tkey", commas},
		{"a size in words", csv, "key,size\nin/a,big\n", "line 2", "in/a,big", numbers},
		{"a size with a unit", csv, "key,size\nin/a,5 kB\n", "line 2", "in/a,5 kB", numbers},
		{"a size below nothing", csv, "key,size\nin/a,-5\n", "line 2", "in/a,-5", numbers},
		{"a date in words", csv, "key,lastModified\nin/a,yesterday\n", "line 2", "in/a,yesterday", numbers},
		{"a date the American way", csv, "key,lastModified\nin/a,11/02/2026\n", "line 2", "in/a,11/02/2026", numbers},
		{"a version that may be", csv, "key,isLatest\nin/a,maybe\n", "line 2", "in/a,maybe", latest},
		{"a deletion that may be", csv, "key,isDeleteMarker\nin/a,no\n", "line 2", "in/a,no", deleted},
		{"a percent sign in S3 Batch Operations", csv, "photos,in/a\nphotos,in/100%.jpg\n", "line 2", "photos,in/100%.jpg", urls},
		{"a quote in a field", csv, "in/5\" wide\n", "line 1", `in/5" wide`, quotes},
		{"a quote behind a space", csv, "key,size\n \"in/a\",5\n", "line 2", `"in/a",5`, quotes},
		{"letters behind a quote", csv, "in/a\n\"in/b\"c\n", "line 2", `"in/b"c`, behind},
		{"a quote that stays open", csv, "in/a\n\"in/b\nin/c\n", "line 2", "\"in/b\nin/c", unclosed},
		{"a quote that stays open too long", csv, "in/a\n\"in/b" + strings.Repeat("x\n", MaxEntryBytes/2), "line 2", `"in/bx`, unclosed},
		{"a line beyond all measure", csv, "in/a\nin/" + long + "\n", "line 2", "in/xxx", line},
		{"NUL", csv, "in/a\x00.jpg\n", "line 1", "in/a\ufffd.jpg", nul},
		{"NUL, encoded", csv, "photos,in/a%00.jpg\n", "line 1", "photos,in/a%00.jpg", nul},
		{"carriage returns alone", csv, "in/a\rin/b\r", "line 1", "in/a\ufffdin/b", endings},
		{"a carriage return too many", csv, "in/a\r\r\n", "line 1", "in/a", endings},
		{"what a terminal would obey", csv, "out/\x1b[2Ja\n", "line 1", "out/\ufffd[2Ja", prefixed},
		{"Latin-1", csv, "in/\xe9t\xe9.jpg\n", "line 1", "in/\ufffdt\ufffd.jpg", utf8},
		{"JSON Lines in its place", csv, `{"Key":"in/a"}` + "\n", "line 1", `{"Key":"in/a"}`, quotes},
		{"an array in its place", csv, `["in/a"]`, "line 1", `["in/a"]`, quotes},

		{"words", lines, "in/a.jpg\n", "line 1", "in/a.jpg", element},
		{"an array a line", lines, "\"in/a\"\n\n[\"in/b\"]\n", "line 3", `["in/b"]`, element},
		{"an array over lines", lines, "[\n\"in/a\"\n", "line 1", "[", element},
		{"a number", lines, "17\n", "line 1", "17", element},
		{"null", lines, "null\n", "line 1", "null", element},
		{"no key", lines, "{\"Size\":5}\n", "line 1", `{"Size":5}`, element},
		{"a key that is a number", lines, "{\"Key\":5}\n", "line 1", `{"Key":5}`, element},
		{"two objects a line", lines, "{\"Key\":\"in/a\"}{\"Key\":\"in/b\"}\n", "line 1", `{"Key":"in/a"}{"Key":"in/b"}`, element},
		{"a comma at the end", lines, "\"in/a\",\n", "line 1", `"in/a",`, element},
		{"a line that is cut", lines, "\"in/a\"\n{\"Key\":", "line 2", `{"Key":`, element},
		{"a size in words", lines, "{\"Key\":\"in/a\",\"Size\":\"big\"}\n", "line 1", `"big"`, element},
		{"a key elsewhere", lines, "\"in/a\"\n\"out/b\"\n", "line 2", `"out/b"`, prefixed},
		{"an empty key", lines, "\"\"\n", "line 1", `""`, prefixed},
		{"another bucket", lines, "{\"Bucket\":\"other\",\"Key\":\"in/a\"}\n", "line 1", `"other"`, bucket},
		{"a bucket that is a list", lines, "{\"bucket\":[],\"Key\":\"in/a\"}\n", "line 1", `[]`, `"Bucket", if there, a string`},
		{"a version in words", lines, "{\"Key\":\"in/a\",\"IsLatest\":\"yes\"}\n", "line 1", `"yes"`, latest},
		{"Latin-1", lines, "\"in/\xe9\"\n", "line 1", "in/\ufffd", utf8},
		{"NUL", lines, `"in/\u0000"` + "\n", "line 1", `"in/\u0000"`, nul},
		{"half a character", lines, `"in/\uD83D.jpg"` + "\n", "line 1", `"in/\uD83D.jpg"`, pairs},
		{"half a character in an object", lines, `{"Key":"in/\udc00"}` + "\n", "line 1", `{"Key":"in/\udc00"}`, pairs},
		{"two keys", lines, `{"Key":"in/a","Size":5,"key":"in/b"}` + "\n", "line 1", `{"Key":"in/a"`, `one member "Key" an object`},
		{"a line beyond all measure", lines, "\"in/" + long + "\"\n", "line 1", `"in/xxx`, line},

		{"words", list, "in/a.jpg\n", "line 1", "i", array},
		{"JSON Lines in its place", list, "\"in/a\"\n\"in/b\"\n", "line 1", `"`, array},
		{"an element without a comma", list, "[\"in/a\"\n \"in/b\"]", "line 2, item 1", `"`, next},
		{"a comma at the end", list, "[\"in/a\",\n]", "line 2, item 1", ",]", next},
		{"no end", list, "[\"in/a\",\n\"in/b\"\n", "line 3, item 2", "the end of the list", next},
		{"an end in a string", list, "[\"in/a", "line 1, item 1", "the end of the list", next},
		{"nothing but a bracket", list, "[", "line 1", "the end of the list", next},
		{"two arrays", list, "[\"in/a\"]\n[\"in/b\"]", "line 2", "[", "nothing behind the array's ]"},
		{"a number", list, "[\"in/a\",\n\n17]", "line 3, item 2", "17", element},
		{"a word", list, `["in/a",nothing]`, "line 1, item 2", "nothing", element},
		{"an array in it", list, `[["in/a"]]`, "line 1, item 1", `["in/a"]`, element},
		{"an object that is none", list, `[{"Key" "in/a"}]`, "line 1, item 1", `{"Key" "in/a"}`, element},
		{"brackets that cross", list, `[{"Key":"in/a"]]`, "line 1, item 1", `{"Key":"in/a"]`, element},
		{"a key elsewhere", list, "[\"in/a\",\n{\"Key\":\"out/b\"}]", "line 2, item 2", `{"Key":"out/b"}`, prefixed},
		{"an element beyond all measure", list, `["in/a","in/` + long, "line 1, item 2", `"in/xxx`, "at most 65536 bytes an element"},

		{"gzip within gzip", csv, packed(packed("in/a\n")), "line 1", "gzip within gzip", texts},
		{"gzip that is cut", csv, packed("in/a\nin/b\n")[:30], "line 1", "unexpected EOF", wholeGzip},
		{"gzip cut in its head", csv, "\x1f\x8b\x08", "line 1", "unexpected EOF", wholeGzip},
		{"gzip with a wrong checksum", csv, string(damaged), "line 1", "gzip: invalid checksum", wholeGzip},
		{"something behind gzip", csv, packed("in/a\n") + "in/b\nin/c\nin/d\n", "line 1", "gzip: invalid header", wholeGzip},
		{"a ZIP archive", csv, "PK\x03\x04rest", "line 1", "a ZIP archive", texts},
		{"Zstandard", lines, "\x28\xb5\x2f\xfdrest", "line 1", "Zstandard", texts},
		{"XZ", lines, "\xfd7zXZ\x00rest", "line 1", "XZ", texts},
		{"Parquet", csv, "PAR1\x15\x04rest", "line 1", "Parquet", texts},
		{"UTF-16", csv, "\xff\xfei\x00n\x00", "line 1", "UTF-16", texts},
		{"UTF-16 the other way round", csv, "\xfe\xff\x00i\x00n", "line 1", "UTF-16", texts},
	} {
		t.Run(string(c.format)+"/"+c.name, func(t *testing.T) {
			_, err := read(t, c.format, c.list)
			var p job.Problem
			switch e := err.(type) {
			case *Bad:
				p = e.Problem
			case job.InvalidInput:
				p = e.Problems[0]
				if len(e.Problems) != 1 {
					t.Errorf("it has %d problems: %v", len(e.Problems), err)
				}
			default:
				t.Fatalf("%T %v, want a Bad or an InvalidInput", err, err)
			}
			if p.Field != "m, "+c.place || !strings.Contains(p.Given, c.given) || !strings.Contains(p.Allowed, c.allowed) {
				t.Errorf("%v\nwant it at %q, with given %q and allowed %q", p, c.place, c.given, c.allowed)
			}
			if len(p.Given) > 130 {
				t.Errorf("what was given is repeated at a length of %d bytes", len(p.Given))
			}
		})
	}
}

func TestReadAllNamesTenWrongLinesAtMost(t *testing.T) {
	_, err := read(t, job.ManifestCSV, "in/good\n"+strings.Repeat("in/good\nwrong\n", 25))
	invalid, _ := err.(job.InvalidInput)
	if len(invalid.Problems) != 10 || invalid.Problems[0].Field != "m, line 3" || invalid.Problems[9].Field != "m, line 21" {
		t.Errorf("%v, want the lines 3 to 21 that are wrong", err)
	}
	_, err = read(t, job.ManifestCSV, "wrong\nin/good\n\"open")
	if invalid, _ := err.(job.InvalidInput); len(invalid.Problems) != 2 || invalid.Problems[1].Field != "m, line 3" {
		t.Errorf("%v, want line 1 and line 3", err)
	}
}

// inventory is a manifest.json with some members changed.
func inventory(changes map[string]any) string {
	v := map[string]any{
		"sourceBucket": "photos", "destinationBucket": "arn:aws:s3:::lists", "version": "2016-11-30", "creationTimestamp": "1793631845000",
		"fileFormat": "CSV", "fileSchema": "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag, StorageClass",
		"files": []any{map[string]any{"key": "photos/daily/data/1.csv.gz", "size": 123, "MD5checksum": strings.Repeat("a", 32)}},
	}
	maps.Copy(v, changes)
	data, _ := json.MarshalIndent(v, "", "  ")
	return string(data)
}

func TestReadInventoryRefuses(t *testing.T) {
	const other = "the manifest.json of an S3 Inventory, with fileFormat, fileSchema and files, or a JSON array of strings or objects"
	file := func(key, sum string) []any {
		return []any{map[string]any{"key": "ok", "MD5checksum": strings.Repeat("0", 32)}, map[string]any{"key": key, "MD5checksum": sum}}
	}
	for _, c := range []struct{ name, content, member, given, allowed string }{
		{"no inventory", `{"keys":["in/a"]}`, "", `{"keys":["in/a"]}`, other},
		{"JSON Lines in its place", "{\"Key\":\"in/a\"}\n{\"Key\":\"in/b\"}\n", "", `{"Key":"in/a"}`, other},
		{"cut", inventory(nil)[:100], "", "{", other},
		{"members of other types", inventory(map[string]any{"files": "data/"}), "", "{", other},
		{"beyond all measure", inventory(map[string]any{"note": strings.Repeat("x", maxInventoryBytes)}), "", "more than 4194304 bytes", "the manifest.json of an S3 Inventory"},
		{"ORC", inventory(map[string]any{"fileFormat": "ORC"}), ", fileFormat", "ORC", "CSV (ORC and Parquet are not read: let the Inventory be delivered as CSV)"},
		{"Parquet", inventory(map[string]any{"fileFormat": "Parquet"}), ", fileFormat", "Parquet", "CSV (ORC and Parquet are not read"},
		{"no format", inventory(map[string]any{"fileFormat": nil}), ", fileFormat", "nothing", "CSV"},
		{"another bucket's", inventory(map[string]any{"sourceBucket": "other"}), ", sourceBucket", "other", "the source bucket photos"},
		{"no bucket", inventory(map[string]any{"sourceBucket": nil}), ", sourceBucket", "nothing", "the source bucket photos"},
		{"delivered nowhere", inventory(map[string]any{"destinationBucket": nil}), ", destinationBucket", "nothing", "the ARN of the bucket that the lists are in"},
		{"no columns", inventory(map[string]any{"fileSchema": nil}), ", fileSchema", "nothing", `columns with commas between them, "Key" among them, each once`},
		{"no column of keys", inventory(map[string]any{"fileSchema": "Bucket, Size"}), ", fileSchema", "Bucket, Size", `"Key" among them`},
		{"a column twice", inventory(map[string]any{"fileSchema": "Bucket, Key, Key"}), ", fileSchema", "Bucket, Key, Key", "each once"},
		{"a file without a key", inventory(map[string]any{"files": file("", strings.Repeat("0", 32))}), ", files[1]", `key ""`, "a key, and an MD5checksum of 32 hexadecimal digits"},
		{"a file without a checksum", inventory(map[string]any{"files": file("data/1.csv.gz", "")}), ", files[1]", `key "data/1.csv.gz", MD5checksum ""`, "an MD5checksum of 32"},
	} {
		t.Run(c.name, func(t *testing.T) {
			is, list, err := IsInventory(strings.NewReader(" \n" + c.content))
			if !is || err != nil {
				t.Fatalf("IsInventory = %v, %v", is, err)
			}
			_, err = ReadInventory(list, "m", scope)
			invalid, _ := err.(job.InvalidInput)
			if len(invalid.Problems) != 1 {
				t.Fatalf("%T %v, want an InvalidInput with one problem", err, err)
			}
			if p := invalid.Problems[0]; p.Field != "m"+c.member || !strings.Contains(p.Given, c.given) || !strings.Contains(p.Allowed, c.allowed) {
				t.Errorf("%v\nwant it at %q, with given %q and allowed %q", p, "m"+c.member, c.given, c.allowed)
			}
		})
	}
	many := make([]any, 30)
	for i := range many {
		many[i] = map[string]any{"key": fmt.Sprint(i)}
	}
	_, err := ReadInventory(strings.NewReader(inventory(map[string]any{"files": many})), "m", scope)
	if invalid, _ := err.(job.InvalidInput); len(invalid.Problems) != 10 {
		t.Errorf("30 wrong files: %v, want 10 problems", err)
	}
}
