package plan

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"mapfleet/functions/job"
	"mapfleet/functions/prepare/manifest"
)

func TestManifest(t *testing.T) {
	for _, c := range []struct{ name, input, manifest, want string }{
		{"explicit keys", `{"keys":["in/a.jpg","in/é & <b>.png"]}`, "", `{"Key":"in/a.jpg"}` + "\n" + `{"Key":"in/é & <b>.png"}` + "\n"},
		{"as a listing has it", `{"manifest":"s3://work/m.jsonl"}`,
			`{"Etag":"\"e\"","Key":"in/a","LastModified":1.789180622E9,"Size":5,"StorageClass":"STANDARD"}` + "\n",
			`{"Key":"in/a","Etag":"\"e\"","Size":5,"LastModified":1789180622,"StorageClass":"STANDARD"}` + "\n"},
		{"as an inventory has it", `{"manifest":"s3://work/m.jsonl"}`, `{"Bucket":"photos","Key":"in/a","Size":"5","ETag":"e"}` + "\n", `{"Key":"in/a","Etag":"\"e\"","Size":5}` + "\n"},
		{"blank lines, CRLF, and no end of the last line", `{"manifest":"s3://work/m.jsonl"}`,
			"\r\n{\"Key\":\"in/a\"}\r\n\n  \n{\"Key\":\"in/b\"}", `{"Key":"in/a"}` + "\n" + `{"Key":"in/b"}` + "\n"},
		{"a key again on the next line", `{"manifest":"s3://work/m.jsonl"}`, `{"Key":"in/a"}` + "\n" + `{"Key":"in/a"}` + "\n" + `{"Key":"in/b"}` + "\n", `{"Key":"in/a"}` + "\n" + `{"Key":"in/b"}` + "\n"},
		{"failures of several variants", `{"retryFailuresOf":"yesterday"}`,
			`{"key":"in/a","variant":"s","code":"X","message":"m"}` + "\n" + `{"key":"in/a","variant":"m","code":"X","message":"m"}` + "\n" + `{"key":"in/b","code":"Gone","message":""}` + "\n",
			`{"Key":"in/a"}` + "\n" + `{"Key":"in/b"}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner()
			ran(t, p, "yesterday", `{}`)
			store.objects["work/m.jsonl"], store.objects["work/reports/yesterday/failures.jsonl"] = c.manifest, c.manifest
			got, err := p.Plan(t.Context(), start(c.input))
			if err != nil {
				t.Fatal(err)
			}
			if items := store.objects["work/work/nightly/items.jsonl"]; items != c.want {
				t.Errorf("items =\n%swant\n%s", items, c.want)
			}
			want := job.Shard{Kind: job.ShardManifest, Bucket: "work", Key: "work/nightly/items.jsonl", Items: strings.Count(c.want, "\n")}
			if len(got.Shards) != 1 || got.Shards[0] != want {
				t.Errorf("shards = %+v, want %+v", got.Shards, want)
			}
		})
	}
}

func TestManifestRefusesLines(t *testing.T) {
	const (
		object   = `a string, or an object with at least a "Key"; "Size", if there, a number of bytes, and "LastModified" a date`
		prefixed = `a key of 1 to 1024 bytes that starts with the deployment's prefix "in/"`
	)
	long := strings.Repeat("x", 2000)
	for _, c := range []struct {
		name, manifest string
		want           []string
	}{
		{"words", "in/a.jpg\n", []string{"line 1: given in/a.jpg; allowed: " + object}},
		{"the third line, blank ones counted", "{\"Key\":\"in/a\"}\n\n[]\n{\"Key\":\"in/b\"}\n", []string{"line 3: given []; allowed: " + object}},
		{"the last line without an end", "{\"Key\":\"in/a\"}\n{\"Key\":", []string{`line 2: given {"Key":; allowed: ` + object}},
		{"no key", "{\"Size\":5}\n", []string{`line 1: given {"Size":5}; allowed: ` + object}},
		{"a size in words", `{"Key":"in/a","Size":"big"}`, []string{`line 1: given {"Key":"in/a","Size":"big"}; allowed: ` + object}},
		{"null", "null\n", []string{"line 1: given null"}},
		{"a key elsewhere", "{\"Key\":\"out/a\"}\n", []string{`line 1: given {"Key":"out/a"}; allowed: ` + prefixed}},
		{"a key too long", `{"Key":"in/` + long + `"}`, []string{`line 1: given {"Key":"in/` + long[:109] + "…; allowed: " + prefixed}},
		{"two lines", "a\nb\n", []string{"line 1: given a", "line 2: given b"}},
		{"a line beyond all measure", "{\"Key\":\"in/a\"}\nb\n" + strings.Repeat("x", manifest.MaxEntryBytes+1), []string{"line 2: given b", "line 3: given xxx", "at most 65536 bytes a line"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner()
			store.objects["work/m.jsonl"] = c.manifest
			_, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.jsonl"}`))
			if _, bare := err.(job.InvalidInput); !bare {
				t.Fatalf("Plan = %T %v, want a bare InvalidInput", err, err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\ndoes not say %q", err, want)
				}
			}
			if !strings.HasPrefix(err.Error(), "s3://work/m.jsonl, line ") {
				t.Errorf("error %q does not start with the manifest's name", err)
			}
			if len(store.objects) != 1 {
				t.Error("something was written")
			}
		})
	}
}

func TestManifestNamesTenWrongLinesAtMost(t *testing.T) {
	p, store := planner()
	store.objects["work/m.jsonl"] = strings.Repeat("wrong\n", 25)
	_, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.jsonl"}`))
	if invalid, _ := err.(job.InvalidInput); len(invalid.Problems) != 10 || !strings.HasPrefix(invalid.Problems[9].Field, "s3://work/m.jsonl, line 10") {
		t.Errorf("Plan = %v, want the first 10 lines", err)
	}
}

func TestManifestThatBreaksOffIsNotABadManifest(t *testing.T) {
	p, store := planner()
	store.stream = io.MultiReader(strings.NewReader("{\"Key\":\"in/a\"}\n{\"Key\""), iotest.ErrReader(errors.New("connection reset")))
	_, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.jsonl"}`))
	if want := (job.Unavailable{Message: "read s3://work/m.jsonl: connection reset"}); err != want {
		t.Errorf("Plan = %#v, want %#v", err, want)
	}
}

// TestDamagedManifestIsNotABadManifest: what is wrong with a line may be the download's fault, which shows
// only at its end, where the checksum is compared.
func TestDamagedManifestIsNotABadManifest(t *testing.T) {
	p, store := planner()
	lines := strings.Repeat("no key at all\n", 20) + strings.Repeat("{\"Key\":\"in/a\"}\n", 20_000)
	store.stream = io.MultiReader(strings.NewReader(lines), iotest.ErrReader(errors.New("checksum did not match")))
	_, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.jsonl"}`))
	if e, ok := err.(job.Unavailable); !ok || !strings.Contains(e.Message, "checksum did not match") {
		t.Errorf("Plan: %T %v, want Unavailable that tells of the checksum", err, err)
	}
}
