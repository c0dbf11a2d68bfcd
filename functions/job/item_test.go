package job

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestItemReads(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       Item
	}{
		{"a listing", `{"Etag":"\"05704f\"","Key":"a/b.jpg","LastModified":1.789180622E9,"Size":34910,"StorageClass":"STANDARD"}`,
			Item{Key: "a/b.jpg", ETag: "05704f", Size: 34910, LastModified: time.Unix(1789180622, 0).UTC(), StorageClass: "STANDARD"}},
		{"a listing with a part of a second", `{"Key":"a","LastModified":1789180622.25,"Size":0}`,
			Item{Key: "a", LastModified: time.Unix(1789180622, 250e6).UTC()}},
		{"an inventory", `{"Bucket":"b","Key":"a","Size":"34910","LastModifiedDate":"x","LastModified":"2026-11-02T15:04:05.000Z","ETag":"05704f-2","StorageClass":"GLACIER","IsLatest":"true"}`,
			Item{Key: "a", ETag: "05704f-2", Size: 34910, LastModified: time.Date(2026, 11, 2, 15, 4, 5, 0, time.UTC), StorageClass: "GLACIER"}},
		{"a failure", `{"key":"a.jpg","variant":"w64","code":"Gone","message":"gone"}`, Item{Key: "a.jpg", Size: -1}},
		{"a key alone", `{"Key":"a"}`, Item{Key: "a", Size: -1}},
		{"a date as databases write it", `{"Key":"a","LastModified":"2026-11-02 15:04:05.250"}`, Item{Key: "a", Size: -1, LastModified: time.Date(2026, 11, 2, 15, 4, 5, 250e6, time.UTC)}},
		{"nulls are unknown", `{"Key":"a","Etag":null,"Size":null,"LastModified":null,"StorageClass":null}`, Item{Key: "a", Size: -1}},
		{"empty strings are unknown", `{"Key":"a","Etag":"","Size":"","LastModified":""}`, Item{Key: "a", Size: -1}},
		{"a whole size with a fraction", `{"Key":"a","Size":3.491E4}`, Item{Key: "a", Size: 34910}},
		{"the largest object of S3", `{"Key":"a","Size":54975581388800}`, Item{Key: "a", Size: 54975581388800}},
		{"escapes in a key", `{"Key":"\u00e9 + \"q\" & <b>.jpg"}`, Item{Key: `é + "q" & <b>.jpg`, Size: -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got Item
			if err := json.Unmarshal([]byte(c.line), &got); err != nil {
				t.Fatalf("read %s: %v", c.line, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("read %s differs (-want +got):\n%s", c.line, diff)
			}
			var again Item
			if data, err := json.Marshal(got); err != nil || json.Unmarshal(data, &again) != nil || again != got {
				t.Errorf("%+v comes back from %s as %+v (%v)", got, data, again, err)
			}
		})
	}
}

func TestItemRefuses(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"no key", `{"Size":1}`, `read item {"Size":1}: no Key`},
		{"an empty key", `{"Key":""}`, "no Key"},
		{"null", `null`, "no Key"},
		{"a list", `["a"]`, `read item ["a"]: json: cannot unmarshal array`},
		{"a key that is a number", `{"Key":1}`, "cannot unmarshal number"},
		{"a size in words", `{"Key":"a","Size":"big"}`, `read item "a": Size "big" is not a number of bytes`},
		{"a size below nothing", `{"Key":"a","Size":-1}`, `Size "-1" is not`},
		{"half a byte", `{"Key":"a","Size":0.5}`, `Size "0.5" is not`},
		{"a size without end", `{"Key":"a","Size":"Inf"}`, `Size "Inf" is not`},
		{"a size that is no number", `{"Key":"a","Size":"NaN"}`, `Size "NaN" is not`},
		{"a size beyond all measure", `{"Key":"a","Size":1e300}`, `Size "1e300" is not`},
		{"a size that is a list", `{"Key":"a","Size":[1]}`, `Size "[1]" is not`},
		{"a date in words", `{"Key":"a","LastModified":"yesterday"}`, `read item "a": LastModified "yesterday" is not a date`},
		{"a date beyond all calendars", `{"Key":"a","LastModified":1e300}`, `LastModified "1e300" is not`},
		{"a date without end", `{"Key":"a","LastModified":"-Inf"}`, `LastModified "-Inf" is not`},
		{"a date in milliseconds", `{"Key":"a","LastModified":1789180622000000}`, "is not a date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var item Item
			err := json.Unmarshal([]byte(c.line), &item)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("read %s = %+v, %v, want an error with %q", c.line, item, err, c.want)
			}
		})
	}
}

func TestItemWritesTheListingsShape(t *testing.T) {
	for _, c := range []struct {
		item Item
		want string
	}{
		{Item{Key: "a", Size: -1}, `{"Key":"a"}`},
		{Item{Key: "a"}, `{"Key":"a","Size":0}`},
		{Item{Key: "é", ETag: "e", Size: 5, LastModified: time.UnixMilli(1789180622250), StorageClass: "STANDARD"},
			`{"Key":"é","Etag":"\"e\"","Size":5,"LastModified":1789180622.25,"StorageClass":"STANDARD"}`},
		{Item{Key: "a&b", LastModified: time.UnixMilli(1789180622000)}, `{"Key":"a&b","Size":0,"LastModified":1789180622}`},
	} {
		got, err := c.item.MarshalJSON()
		if err != nil || string(got) != c.want {
			t.Errorf("%+v is %s, %v, want %s", c.item, got, err, c.want)
		}
	}
}

func TestItemKnowsWhatNotToOpen(t *testing.T) {
	for class, want := range map[string]bool{"GLACIER": true, "DEEP_ARCHIVE": true, "GLACIER_IR": false, "STANDARD": false, "INTELLIGENT_TIERING": false, "": false} {
		if got := (Item{StorageClass: class}).Archived(); got != want {
			t.Errorf("Archived of class %q = %v, want %v", class, got, want)
		}
	}
	for _, c := range []struct {
		item Item
		want bool
	}{{Item{Key: "a/", Size: -1}, true}, {Item{Key: "a/", Size: 5}, true}, {Item{Key: "a"}, true}, {Item{Key: "a", Size: -1}, false}, {Item{Key: "a", Size: 1}, false}} {
		if got := c.item.Placeholder(); got != c.want {
			t.Errorf("%+v.Placeholder() = %v, want %v", c.item, got, c.want)
		}
	}
}
