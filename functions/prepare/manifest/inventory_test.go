package manifest

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

// listOf is a file of an Inventory as S3 writes it: every field in quotes.
func listOf(rows ...string) string {
	var lines strings.Builder
	for _, row := range rows {
		lines.WriteString(`"` + strings.ReplaceAll(row, ",", `","`) + "\"\n")
	}
	return packed(lines.String())
}

func sumOf(file string) string {
	sum := md5.Sum([]byte(file))
	return hex.EncodeToString(sum[:])
}

// readFile reads file as the one list of an Inventory, which was made with content.
func readFile(t *testing.T, content string, file io.Reader) ([]string, error) {
	t.Helper()
	v, err := ReadInventory(strings.NewReader(inventory(map[string]any{
		"files": []any{map[string]any{"key": "data/1.csv.gz", "MD5checksum": strings.ToUpper(sumOf(content))}},
	})), "m", scope)
	if err != nil {
		t.Fatal(err)
	}
	if v.Bucket != "lists" || len(v.Files) != 1 || v.Files[0].Key != "data/1.csv.gz" {
		t.Fatalf("inventory = %+v", v)
	}
	r, err := v.NewReader(v.Files[0], file, scope)
	if err != nil {
		return nil, err
	}
	return all(r)
}

func TestInventory(t *testing.T) {
	file := listOf(
		"photos,in/a+b%2Bc%C3%A9%2C.jpg,v1,true,false,5,2026-11-02T15:04:05.000Z,e,STANDARD",
		"photos,in/old,v1,false,false,5,2026-11-02T15:04:05.000Z,e,GLACIER",
		"photos,in/gone,v2,true,true,,2026-11-02T15:04:05.000Z,,",
		"photos,out/a,v1,true,false,5,2026-11-02T15:04:05.000Z,e,STANDARD",
		"photos,in/,,,,0,,,",
	)
	want := []string{
		"in/a b+cé,.jpg 5 e STANDARD 2026-11-02T15:04:05Z",
		"in/old 5 e GLACIER OldVersion 2026-11-02T15:04:05Z",
		"in/gone DeleteMarker 2026-11-02T15:04:05Z",
		"out/a 5 e STANDARD OutsidePrefix 2026-11-02T15:04:05Z",
		"in/ 0",
	}
	got, err := readFile(t, file, strings.NewReader(file))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v; entries (-want +got):\n%s", err, diff)
	}
	if got, err := readFile(t, listOf(), strings.NewReader(listOf())); err != nil || len(got) != 0 {
		t.Errorf("an empty list holds %v, %v", got, err)
	}
}

func TestInventoryRefusesFiles(t *testing.T) {
	good := listOf("photos,in/a,v1,true,false,5,2026-11-02T15:04:05.000Z,e,STANDARD")
	const name = "s3://lists/data/1.csv.gz, line "
	for _, c := range []struct{ what, made, file, field, given, allowed string }{
		{"changed since", good, listOf("photos,in/b,v1,true,false,5,2026-11-02T15:04:05.000Z,e,STANDARD"), name + "1", "a file with MD5 ", "the file that the Inventory was made with, MD5 " + sumOf(good)},
		{"empty in its place", good, "", name + "0", "a file with MD5 " + sumOf(""), "MD5 " + sumOf(good)},
		{"another bucket", "", listOf("photos,in/a,v1,true,false,5,,e,STANDARD", "other,in/b,v1,true,false,5,,e,STANDARD"), name + "2", `"other","in/b"`, "objects of the source bucket photos"},
		{"other columns", "", listOf("photos,in/a"), name + "1", `"photos","in/a"`, "as many columns as the Inventory's fileSchema, 9; this one has 2"},
		{"a key that cannot be decoded", "", listOf("photos,in/100%,v1,true,false,5,,e,STANDARD"), name + "1", "in/100%", "a URL-encoded key"},
		{"cut", good, good[:40], name + "1", "unexpected EOF", "a whole gzip file"},
		{"of another kind", "", "PAR1\x15\x04", name + "1", "Parquet", "text in UTF-8"},
	} {
		t.Run(c.what, func(t *testing.T) {
			made := c.made
			if made == "" {
				made = c.file
			}
			_, err := readFile(t, made, strings.NewReader(c.file))
			var p job.Problem
			if bad, ok := errors.AsType[*Bad](err); ok {
				p = bad.Problem
			} else if invalid, ok := err.(job.InvalidInput); ok && len(invalid.Problems) == 1 {
				p = invalid.Problems[0]
			}
			if p.Field != c.field || !strings.Contains(p.Given, c.given) || !strings.Contains(p.Allowed, c.allowed) {
				t.Errorf("%T %v\nwant it at %q, with given %q and allowed %q", err, err, c.field, c.given, c.allowed)
			}
		})
	}
	reset := errors.New("connection reset")
	for _, n := range []int{1, 30, len(good)} {
		if _, err := readFile(t, good, io.MultiReader(strings.NewReader(good[:n]), iotest.ErrReader(reset))); err != reset {
			t.Errorf("a connection that breaks behind byte %d: %v, want %v", n, err, reset)
		}
	}
}

func TestIsInventory(t *testing.T) {
	for list, want := range map[string]bool{"{}": true, " \n\t{": true, "[{}]": false, `"{}"`: false, "": false, "  ": false, strings.Repeat(" ", 70_000) + "{": false} {
		got, same, err := IsInventory(strings.NewReader(list))
		if err != nil || got != want {
			t.Errorf("IsInventory(%.20q) = %v, %v, want %v", list, got, err, want)
			continue
		}
		if again, _ := io.ReadAll(same); string(again) != list {
			t.Errorf("IsInventory(%.20q) gives back %.20q", list, again)
		}
	}
	reset := errors.New("connection reset")
	if _, _, err := IsInventory(iotest.ErrReader(reset)); err != reset {
		t.Errorf("IsInventory of a broken connection: %v, want %v", err, reset)
	}
}
