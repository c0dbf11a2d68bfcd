package plan

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func packed(list string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(list))
	_ = w.Close()
	return b.String()
}

// TestManifestsOfEveryFormat: the same two objects in every form, and one items.jsonl of all of them.
func TestManifestsOfEveryFormat(t *testing.T) {
	const want = `{"Key":"in/a b.jpg","Etag":"\"e\"","Size":5,"LastModified":1793631845,"StorageClass":"STANDARD"}` + "\n" + `{"Key":"in/c,d.jpg","Size":7}` + "\n"
	csv := "Key,ETag,Size,LastModified,StorageClass\nin/a b.jpg,e,5,2026-11-02T15:04:05Z,STANDARD\n\"in/c,d.jpg\",,7,,\n"
	objects := []string{`{"Key":"in/a b.jpg","ETag":"e","Size":5,"LastModified":"2026-11-02T15:04:05Z","StorageClass":"STANDARD"}`, `{"Key":"in/c,d.jpg","Size":"7"}`}
	for key, content := range map[string]string{
		"m.csv":        csv,
		"m.csv.gz":     packed(csv),
		"unpacked.gz":  "", // not a manifest by its name
		"packed.csv":   packed(csv),
		"plain.csv.gz": csv,
		"m.json":       "[" + strings.Join(objects, ",\n") + "]",
		"m.json.gz":    packed("[" + strings.Join(objects, ",\n") + "]"),
		"m.jsonl":      strings.Join(objects, "\n"),
		"m.ndjson.gz":  packed(strings.Join(objects, "\n")),
	} {
		t.Run(key, func(t *testing.T) {
			p, store := planner()
			store.objects["work/"+key] = content
			got, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/`+key+`"}`))
			if content == "" {
				if _, refused := err.(job.InvalidInput); !refused {
					t.Errorf("%v, want an InvalidInput", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, store.objects["work/work/nightly/items.jsonl"]); diff != "" || got.Shards[0].Items != 2 || got.LeftOut != nil {
				t.Errorf("shards %+v, left out %v; items (-want +got):\n%s", got.Shards, got.LeftOut, diff)
			}
		})
	}
}

// delivered puts an Inventory into the bucket lists, with one file for each list of rows, and returns the
// input that names it.
func delivered(store *fakeS3, schema string, lists ...string) string {
	type file struct {
		Key string `json:"key"`
		MD5 string `json:"MD5checksum"`
	}
	var files []file
	for i, list := range lists {
		key := "photos/daily/data/" + string(rune('0'+i)) + ".csv.gz"
		content := packed(list)
		sum := md5.Sum([]byte(content))
		store.objects["lists/"+key] = content
		files = append(files, file{key, hex.EncodeToString(sum[:])})
	}
	data, _ := json.Marshal(map[string]any{
		"sourceBucket": "photos", "destinationBucket": "arn:aws:s3:::lists", "fileFormat": "CSV", "fileSchema": schema, "files": files,
	})
	store.objects["lists/photos/daily/2026-11-02T00-00Z/manifest.json"] = string(data)
	return `{"manifest":"s3://lists/photos/daily/2026-11-02T00-00Z/manifest.json"}`
}

func TestInventory(t *testing.T) {
	p, store := planner()
	p.Deployment.ManifestBucket = "lists"
	input := delivered(store, "Bucket, Key, IsLatest, IsDeleteMarker, Size",
		"\"photos\",\"in/a+b%2Bc.jpg\",\"true\",\"false\",\"5\"\n\"photos\",\"in/old.jpg\",\"false\",\"false\",\"5\"\n",
		"",
		"\"photos\",\"in/gone.jpg\",\"true\",\"true\",\"\"\n\"photos\",\"elsewhere.jpg\",\"true\",\"false\",\"5\"\n\"photos\",\"in/z.jpg\",\"true\",\"false\",\"6\"\n\"photos\",\"in/z.jpg\",\"true\",\"false\",\"6\"\n")
	got, err := p.Plan(t.Context(), start(input))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"Key":"in/a b+c.jpg","Size":5}` + "\n" + `{"Key":"in/z.jpg","Size":6}` + "\n"; store.objects["work/work/nightly/items.jsonl"] != want {
		t.Errorf("items =\n%swant\n%s", store.objects["work/work/nightly/items.jsonl"], want)
	}
	if diff := cmp.Diff(map[string]int{job.LeftOldVersion: 1, job.LeftDeleted: 1, job.LeftOutside: 1, job.LeftRepeated: 1}, got.LeftOut); diff != "" {
		t.Errorf("left out (-want +got):\n%s", diff)
	}
}

func TestInventoryRefused(t *testing.T) {
	const at = "s3://lists/photos/daily/data/0.csv.gz, line "
	for _, c := range []struct {
		name, lists, list, says string
		change                  func(*fakeS3)
		missing                 bool
	}{
		{"a bucket that the deployment does not know", "", "photos,in/a\n", "manifest: given \"s3://lists/", nil, false},
		{"delivered to another bucket", "lists", "photos,in/a\n", "manifest.json, destinationBucket: given elsewhere; allowed: an Inventory that is delivered to one of the buckets photos, work, lists", func(s *fakeS3) {
			at := "lists/photos/daily/2026-11-02T00-00Z/manifest.json"
			s.objects[at] = strings.Replace(s.objects[at], "arn:aws:s3:::lists", "arn:aws:s3:::elsewhere", 1)
		}, false},
		{"another source", "lists", "photos,in/a\n", "manifest.json, sourceBucket: given other; allowed: the source bucket photos", func(s *fakeS3) {
			at := "lists/photos/daily/2026-11-02T00-00Z/manifest.json"
			s.objects[at] = strings.Replace(s.objects[at], `"photos"`, `"other"`, 1)
		}, false},
		{"a file that is gone", "lists", "photos,in/a\n", "GetObject s3://lists/photos/daily/data/0.csv.gz: there is no such object", func(s *fakeS3) {
			delete(s.objects, "lists/photos/daily/data/0.csv.gz")
		}, true},
		{"a file that changed", "lists", "photos,in/a\n", at + "1: given a file with MD5 ", func(s *fakeS3) {
			s.objects["lists/photos/daily/data/0.csv.gz"] = packed("photos,in/b\n")
		}, false},
		{"a line of another bucket", "lists", "photos,in/a\nother,in/b\n", at + "2: given other,in/b; allowed: objects of the source bucket photos", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, store := planner()
			p.Deployment.ManifestBucket = c.lists
			input := delivered(store, "Bucket, Key", c.list)
			if c.change != nil {
				c.change(store)
			}
			before := len(store.objects)
			_, err := p.Plan(t.Context(), start(input))
			_, invalid := err.(job.InvalidInput)
			_, missing := err.(job.SourceMissing)
			if missing != c.missing || invalid == c.missing || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%T %v, want it to say %q", err, err, c.says)
			}
			if len(store.objects) != before {
				t.Error("something was written")
			}
		})
	}
}

// TestMaxItems: a manifest is read no further than it is taken, so that a first try of a long one is
// short; what a listing gives is left to the Map Run.
func TestMaxItems(t *testing.T) {
	p, store := planner("photos/in/1.jpg", "photos/in/2.jpg", "photos/in/3.jpg")
	store.objects["work/m.jsonl"] = "\"in/a\"\n\"in/a\"\n\"in/b\"\n\"in/c\"\nnot even JSON\n"
	got, err := p.Plan(t.Context(), start(`{"manifest":"s3://work/m.jsonl","maxItems":2}`))
	if err != nil || got.Shards[0].Items != 2 || got.Limits.MaxItems != 2 || store.objects["work/work/nightly/items.jsonl"] != "{\"Key\":\"in/a\"}\n{\"Key\":\"in/b\"}\n" {
		t.Errorf("%v: shards %+v, limits %+v, items\n%s", err, got.Shards, got.Limits, store.objects["work/work/nightly/items.jsonl"])
	}
	if got, err = p.Plan(t.Context(), start(`{"keys":["in/a","in/b","in/c"],"maxItems":1}`)); err != nil || got.Shards[0].Items != 1 {
		t.Errorf("%v: shards %+v, want one key", err, got.Shards)
	}
	if got, err = p.Plan(t.Context(), start(`{"maxItems":2}`)); err != nil || got.Limits.MaxItems != 2 || got.Shards[0].Kind != job.ShardListing {
		t.Errorf("%v: shards %+v, limits %+v", err, got.Shards, got.Limits)
	}
	if got, err = p.Plan(t.Context(), start(`{}`)); err != nil || got.Limits.MaxItems != job.MaxMapRunItems {
		t.Errorf("%v: without a limit %+v", err, got.Limits)
	}
}
