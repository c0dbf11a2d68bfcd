package job

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseInput: what is refused is refused by the named type, with a place, at a length that can be
// passed on; what is accepted lies within the ceilings.
func FuzzParseInput(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `[]`, `{"prefix":"in/x"}`, `{"keys":["in/a"],"prefix":"x"}`, `{"manifest":"s3://work/a.jsonl"}`, `{"retryFailuresOf":"r"}`,
		`{"filter":{"suffixes":[".jpg"],"minBytes":1,"maxBytes":2,"modifiedAfter":"2026-11-02","modifiedBefore":"2026-11-02T15:04:05Z"}}`,
		`{"variants":[{"name":"a","width":1},{"name":"b","width":2,"height":3,"fit":"pad","upscale":true,"format":"jpeg","quality":1,"background":"#ffffff","key":"{prefix}{dir}{stem}-{variant}-{width}x{height}{ext}"}]}`,
		`{"overwrite":"never","batchSize":1,"maxConcurrency":1,"toleratedFailurePercentage":0.5,"comment":"c","Comment":"C"}`, `{"":1e999,"batchSize":-0}`,
		`{"maxItems":1,"maxCostUSD":0.01,"dryRun":true}`, `{"shardBy":"/","maxItems":1}`, `{"manifest":"s3://lists/x/manifest.json","shardBy":"/"}`, `{"maxCostUSD":1e-320,"shardBy":"\u0000"}`,
	} {
		f.Add([]byte(seed))
	}
	d := deployment()
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := ParseInput(data, d)
		if err != nil {
			invalid, ok := err.(InvalidInput)
			if !ok || len(invalid.Problems) == 0 {
				t.Fatalf("ParseInput(%q): %T %v", data, err, err)
			}
			if len(err.Error()) > 2*maxCauseBytes {
				t.Errorf("ParseInput(%q): a message of %d bytes", data, len(err.Error()))
			}
			for _, p := range invalid.Problems {
				if p.Given == "" || p.Allowed == "" {
					t.Errorf("ParseInput(%q): a problem without words: %+v", data, p)
				}
			}
			return
		}
		if in.BatchSize < 1 || in.BatchSize > d.MaxBatchSize || in.MaxConcurrency < 1 || in.MaxConcurrency > d.MaxMaxConcurrency ||
			!(in.ToleratedFailurePercentage >= 0 && in.ToleratedFailurePercentage <= 100) || len(in.Variants) == 0 || !strings.HasPrefix(in.Prefix, d.SourcePrefix) ||
			in.MaxItems < 0 || in.MaxItems > MaxMapRunItems || !(in.MaxCostUSD >= 0 && in.MaxCostUSD <= maxCostUSD) ||
			in.ShardBy != "" && (in.MaxItems > 0 || in.Manifest != "" || in.Keys != nil || in.RetryFailuresOf != "") {
			t.Errorf("ParseInput(%q) = %+v", data, in)
		}
		for _, v := range in.Variants {
			if _, err := OutputKey(v, "in/", "in/a.jpg"); err != nil && len(v.Key) < 900 {
				t.Errorf("ParseInput(%q) accepts a template that gives no key: %v", data, err)
			}
		}
		if _, err := json.Marshal(in); err != nil {
			t.Errorf("ParseInput(%q) cannot be written: %v", data, err)
		}
	})
}

// FuzzOutputKey: no template that was accepted makes two variants of one source meet, or leaves its folder.
func FuzzOutputKey(f *testing.F) {
	f.Add(DefaultKey, DefaultKey, "same", "same", "in/", "in/2026/cat.jpg")
	f.Add("{stem}-{variant}{ext}", "{stem}-{variant}{ext}", "jpeg", "jpeg", "", "a.png")
	f.Add("{stem}-x{ext}", "{stem}-x.jpg", "same", "same", "", "a.jpg")
	f.Add("{dir}{stem}", "{prefix}{stem}", "png", "gif", "p", "p../..")
	f.Add("{width}{height}{stem}{ext}{ext}", "x{stem}", "gif", "same", "é", "é猫 +%.JPG")
	f.Add(".{stem}", "{dir}/{stem}", "same", "same", "", "...")
	f.Fuzz(func(t *testing.T, keyA, keyB, formatA, formatB, prefix, source string) {
		a := Variant{Name: "one", Width: 1, Format: Format(formatA), Key: keyA}
		b := Variant{Name: "two", Width: 2, Format: Format(formatB), Key: keyB}
		outA, errA := OutputKey(a, prefix, source)
		outB, errB := OutputKey(b, prefix, source)
		if errA == nil && errB == nil && outA == outB && !mayCollide(a, b) {
			t.Errorf("%q and %q both give %q of %q, and mayCollide says no", keyA, keyB, outA, source)
		}
		if errA != nil {
			return
		}
		if again, _ := OutputKey(a, prefix, source); again != outA {
			t.Errorf("OutputKey(%q, %q) = %q, then %q", keyA, source, outA, again)
		}
		if len(outA) > MaxKeyBytes || outA == ".." || strings.HasPrefix(outA, "../") || strings.Contains(outA, "/../") || strings.HasSuffix(outA, "/..") {
			t.Errorf("OutputKey(%q, %q) = %q", keyA, source, outA)
		}
		if utf8.ValidString(keyA) && utf8.ValidString(source) && !utf8.ValidString(outA) && utf8.ValidString(prefix) {
			t.Errorf("OutputKey(%q, %q) = %q cuts a letter", keyA, source, outA)
		}
	})
}

// FuzzItem: what is read can be written, and comes back as it was.
func FuzzItem(f *testing.F) {
	for _, seed := range []string{
		`{"Etag":"\"05704f\"","Key":"a/b.jpg","LastModified":1.789180622E9,"Size":34910,"StorageClass":"STANDARD"}`,
		`{"Key":"a","Size":"34910","LastModified":"2026-11-02T15:04:05.000Z"}`, `{"key":"a","code":"Gone","message":"m"}`,
		`{"Key":"a","Size":"Inf","LastModified":"NaN"}`, `{"Key":"a","Size":1e300,"LastModified":-1e300}`, `{"Key":"a","LastModified":-62135596800}`,
		`null`, `{}`, `[]`, `{"Key":"\ud800","ETag":"\"\""}`, `{"Key":"a","LastModified":"0000-01-01T00:00:00+23:59"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var item, again Item
		if json.Unmarshal(data, &item) != nil {
			return
		}
		if item.Key == "" || item.Size < -1 {
			t.Errorf("%q is read as %+v", data, item)
		}
		written, err := json.Marshal(item)
		if err != nil {
			t.Fatalf("%+v, read from %q, cannot be written: %v", item, data, err)
		}
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatalf("%s, written of %q, cannot be read: %v", written, data, err)
		}
		// Milliseconds are kept, as far as a float holds them.
		if off := again.LastModified.Sub(item.LastModified).Abs(); off > 2e6 && !item.LastModified.IsZero() {
			t.Errorf("%q: the date %v comes back as %v", data, item.LastModified, again.LastModified)
		}
		item.LastModified = again.LastModified
		if again != item {
			t.Errorf("%q is %+v at first, and %+v again", data, item, again)
		}
	})
}
