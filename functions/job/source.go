package job

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"mapfleet/functions/job/fields"
)

// ManifestFormat is how a manifest lists objects.
type ManifestFormat string

// The formats of manifests. An object is its key, or a record with at least a key and maybe bucket,
// size, ETag, date of modification and storage class.
const (
	ManifestCSV       ManifestFormat = "csv"       // RFC 4180, with a header or without
	ManifestJSON      ManifestFormat = "json"      // one array of strings or objects, or the manifest.json of an S3 Inventory
	ManifestJSONLines ManifestFormat = "jsonLines" // one string or object a line
)

// ManifestFormatOf tells the format by a manifest's key: .csv, .json, .jsonl or .ndjson in any case,
// with .gz behind it or not. ok is false for any other.
func ManifestFormatOf(key string) (format ManifestFormat, ok bool) {
	switch path.Ext(strings.TrimSuffix(strings.ToLower(key), ".gz")) {
	case ".csv":
		return ManifestCSV, true
	case ".json":
		return ManifestJSON, true
	case ".jsonl", ".ndjson":
		return ManifestJSONLines, true
	}
	return "", false
}

func (in *Input) parseSource(f *fields.Object, d Deployment) {
	var given []string
	for _, name := range []string{"prefix", "manifest", "keys", "retryFailuresOf"} {
		if f.Has(name) {
			given = append(given, name)
		}
	}
	if len(given) > 1 {
		f.Refuse(given[1], f.Raw[given[1]], "at most one of prefix, manifest, keys and retryFailuresOf; given are "+strings.Join(given, " and "))
	}
	within := fmt.Sprintf("a string that starts with the deployment's prefix %q", d.SourcePrefix)
	if f.Text("prefix", &in.Prefix, within) && !strings.HasPrefix(in.Prefix, d.SourcePrefix) {
		f.Refuse("prefix", f.Raw["prefix"], within)
	}
	manifests := "s3://BUCKET/KEY with a key that ends in .csv, .json or .jsonl (.gz may follow), in one of the buckets " + strings.Join(d.Manifests(), ", ")
	if f.Text("manifest", &in.Manifest, manifests) {
		bucket, key, ok := SplitURL(in.Manifest)
		_, known := ManifestFormatOf(key)
		if !ok || !known || !slices.Contains(d.Manifests(), bucket) {
			f.Refuse("manifest", f.Raw["manifest"], manifests)
		}
	}
	keys := fmt.Sprintf("a list of 1 to %d keys; use a manifest for more", MaxKeys)
	if f.Texts("keys", &in.Keys, keys) && (len(in.Keys) == 0 || len(in.Keys) > MaxKeys) {
		f.Refuse("keys", []byte(strconv.Itoa(len(in.Keys))+" keys"), keys)
	}
	for i, key := range in.Keys {
		if strings.Contains(key, "\x00") { // with one, all of a worker's batch would fail
			f.Refuse("keys["+strconv.Itoa(i)+"]", []byte(strconv.Quote(key)), "a key without NUL, which no listing and no file system can hold")
		} else if key == "" || len(key) > MaxKeyBytes || !strings.HasPrefix(key, d.SourcePrefix) {
			f.Refuse("keys["+strconv.Itoa(i)+"]", []byte(strconv.Quote(key)), fmt.Sprintf("1 to %d bytes that start with the deployment's prefix %q", MaxKeyBytes, d.SourcePrefix))
		}
	}
	runs := "the name of an earlier run: " + RunNames
	if f.Text("retryFailuresOf", &in.RetryFailuresOf, runs) && !ValidRunName(in.RetryFailuresOf) {
		f.Refuse("retryFailuresOf", f.Raw["retryFailuresOf"], runs)
	}
}

// SplitURL splits s3://bucket/key.
func SplitURL(url string) (bucket, key string, ok bool) {
	rest, ok := strings.CutPrefix(url, "s3://")
	if !ok {
		return "", "", false
	}
	bucket, key, ok = strings.Cut(rest, "/")
	return bucket, key, ok && bucket != "" && key != ""
}

// RunNames are the names of executions that mapfleet allows, in words: such as can stand in a key and in an ARN.
const RunNames = "1 to 80 letters, digits, - and _"

// ValidRunName says whether name is one of RunNames, whose length is Step Functions' own limit.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func ValidRunName(name string) bool {
	return len(name) >= 1 && len(name) <= 80 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}
