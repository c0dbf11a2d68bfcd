package job

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Overwrite says what happens where an output exists already.
type Overwrite string

// The overwrite modes.
const (
	OverwriteStale  Overwrite = "stale"  // write where the output is missing, or was made from another ETag or another recipe
	OverwriteAlways Overwrite = "always" // write always
	OverwriteNever  Overwrite = "never"  // write only where the output is missing
)

// MaxKeys is how many explicit keys one run input may hold: it must fit into the 256 KiB that Step
// Functions passes, and a manifest has no such limit.
const MaxKeys = 1000

// What travels with every batch, and what a plan repeats, is bounded: a state may have 256 KiB in all.
const (
	maxRecipeBytes   = 16 << 10 // of the variants' JSON
	maxSuffixesBytes = 4 << 10  // of the filter's suffixes in JSON
	maxCommentBytes  = 4 << 10
)

// Filter narrows a listing or a manifest. Its zero value lets everything pass.
type Filter struct {
	// Suffixes are the endings that pass, without regard to case; empty: all.
	Suffixes []string `json:"suffixes,omitzero"`
	// MinBytes and MaxBytes bound the object's size; MaxBytes 0 is no bound.
	MinBytes int64 `json:"minBytes,omitzero"`
	MaxBytes int64 `json:"maxBytes,omitzero"`
	// ModifiedAfter and ModifiedBefore bound when the object was last written; zero is no bound.
	ModifiedAfter  time.Time `json:"modifiedAfter,omitzero"`
	ModifiedBefore time.Time `json:"modifiedBefore,omitzero"`
}

// Passes says whether the filter lets item through. What an item does not tell (an explicit key has
// neither size nor date) cannot stop it.
func (f Filter) Passes(item Item) bool {
	switch {
	case len(f.Suffixes) > 0 && !slices.ContainsFunc(f.Suffixes, func(suffix string) bool {
		return strings.HasSuffix(strings.ToLower(item.Key), strings.ToLower(suffix))
	}):
		return false
	case item.Size >= 0 && (item.Size < f.MinBytes || f.MaxBytes > 0 && item.Size > f.MaxBytes):
		return false
	case item.LastModified.IsZero():
		return true
	case !f.ModifiedAfter.IsZero() && !item.LastModified.After(f.ModifiedAfter):
		return false
	case !f.ModifiedBefore.IsZero() && !item.LastModified.Before(f.ModifiedBefore):
		return false
	}
	return true
}

// Input is what a person, a schedule or an event asks of one run, with the deployment's defaults filled
// in. The zero JSON object {} is a valid input: every object under the deployment's prefix, by the
// deployment's recipe.
type Input struct {
	// At most one of the four says which objects: Prefix by default.
	Prefix          string   // list the objects under it; starts with the deployment's prefix
	Manifest        string   // s3://bucket/key.jsonl in the source or the work bucket: one item a line
	Keys            []string // these objects, at most MaxKeys
	RetryFailuresOf string   // the objects that failed in the run of this name

	Filter    Filter
	Variants  []Variant
	Overwrite Overwrite

	// BatchSize is how many items are handed to one worker at a time; with BatchSizeGiven, the caller
	// said so.
	BatchSize                  int
	BatchSizeGiven             bool
	MaxConcurrency             int     // batches at work at a time
	ToleratedFailurePercentage float64 // 0 to 100

	// Comment is the caller's own note; it changes nothing. The console's "Start execution" suggests a
	// member of this name, in upper case.
	Comment string
}

// ParseInput reads and checks a run input against what the deployment allows. The error is an
// InvalidInput that names every unknown field, wrong type and value out of range.
func ParseInput(data []byte, d Deployment) (Input, error) {
	in := Input{
		Prefix:                     d.SourcePrefix,
		Variants:                   d.Recipe,
		Overwrite:                  OverwriteStale,
		BatchSize:                  d.DefaultBatchSize,
		MaxConcurrency:             d.DefaultMaxConcurrency,
		ToleratedFailurePercentage: d.ToleratedFailurePercentage,
	}
	var problems []Problem
	f := objectFields("", data, &problems)
	if f.raw == nil {
		return in, InvalidInput{problems}
	}
	in.parseSource(f, d)
	if raw := f.take("filter"); raw != nil {
		in.Filter = parseFilter(f.name("filter"), raw, &problems)
	}
	if raw := f.take("variants"); raw != nil {
		in.Variants = parseVariants("variants", raw, &problems)
	}
	oneOf(f, "overwrite", &in.Overwrite, OverwriteStale, OverwriteAlways, OverwriteNever)
	f.whole("batchSize", &in.BatchSize, 1, d.MaxBatchSize)
	in.BatchSizeGiven = f.has("batchSize")
	f.whole("maxConcurrency", &in.MaxConcurrency, 1, d.MaxMaxConcurrency)
	f.number("toleratedFailurePercentage", &in.ToleratedFailurePercentage, 0, 100)
	for _, name := range []string{"comment", "Comment"} {
		comment := fmt.Sprintf("a string of at most %d bytes", maxCommentBytes)
		if f.text(name, &in.Comment, comment) && len(in.Comment) > maxCommentBytes {
			f.refuse(name, f.raw[name], comment)
		}
	}
	f.end()
	if problems != nil {
		return in, InvalidInput{problems}
	}
	return in, nil
}

func (in *Input) parseSource(f *fields, d Deployment) {
	var given []string
	for _, name := range []string{"prefix", "manifest", "keys", "retryFailuresOf"} {
		if f.has(name) {
			given = append(given, name)
		}
	}
	if len(given) > 1 {
		f.refuse(given[1], f.raw[given[1]], "at most one of prefix, manifest, keys and retryFailuresOf; given are "+strings.Join(given, " and "))
	}
	within := fmt.Sprintf("a string that starts with the deployment's prefix %q", d.SourcePrefix)
	if f.text("prefix", &in.Prefix, within) && !strings.HasPrefix(in.Prefix, d.SourcePrefix) {
		f.refuse("prefix", f.raw["prefix"], within)
	}
	manifests := fmt.Sprintf("s3://BUCKET/KEY.jsonl with one item a line, in the source bucket %s or the work bucket %s", d.SourceBucket, d.WorkBucket)
	if f.text("manifest", &in.Manifest, manifests) {
		bucket, key, ok := SplitURL(in.Manifest)
		if !ok || bucket != d.SourceBucket && bucket != d.WorkBucket || !strings.HasSuffix(key, ".jsonl") {
			f.refuse("manifest", f.raw["manifest"], manifests)
		}
	}
	keys := fmt.Sprintf("a list of 1 to %d keys; use a manifest for more", MaxKeys)
	if f.texts("keys", &in.Keys, keys) && (len(in.Keys) == 0 || len(in.Keys) > MaxKeys) {
		f.refuse("keys", []byte(strconv.Itoa(len(in.Keys))+" keys"), keys)
	}
	for i, key := range in.Keys {
		if key == "" || len(key) > MaxKeyBytes || !strings.HasPrefix(key, d.SourcePrefix) {
			f.refuse("keys["+strconv.Itoa(i)+"]", []byte(strconv.Quote(key)), fmt.Sprintf("1 to %d bytes that start with the deployment's prefix %q", MaxKeyBytes, d.SourcePrefix))
		}
	}
	runs := "the name of an earlier run: 1 to 80 letters, digits, - and _"
	if f.text("retryFailuresOf", &in.RetryFailuresOf, runs) && !ValidRunName(in.RetryFailuresOf) {
		f.refuse("retryFailuresOf", f.raw["retryFailuresOf"], runs)
	}
}

func parseFilter(path string, data []byte, problems *[]Problem) Filter {
	var filter Filter
	f := objectFields(path, data, problems)
	if f.raw == nil {
		return filter
	}
	switch endings := f.texts("suffixes", &filter.Suffixes, `a list of endings such as ".jpg"`); {
	case endings && slices.Contains(filter.Suffixes, ""):
		f.refuse("suffixes", f.raw["suffixes"], `no empty ending: leave "suffixes" out to let every key pass`)
	case endings && len(f.raw["suffixes"]) > maxSuffixesBytes:
		f.refuse("suffixes", f.raw["suffixes"], fmt.Sprintf("at most %d bytes of JSON", maxSuffixesBytes))
	}
	f.whole64("minBytes", &filter.MinBytes, 0, math.MaxInt64)
	f.whole64("maxBytes", &filter.MaxBytes, 1, math.MaxInt64)
	f.moment("modifiedAfter", &filter.ModifiedAfter)
	f.moment("modifiedBefore", &filter.ModifiedBefore)
	f.end()
	if filter.MaxBytes > 0 && filter.MaxBytes < filter.MinBytes {
		f.refuse("maxBytes", f.raw["maxBytes"], fmt.Sprintf("no less than minBytes, %d", filter.MinBytes))
	}
	if !filter.ModifiedAfter.IsZero() && !filter.ModifiedBefore.IsZero() && !filter.ModifiedBefore.After(filter.ModifiedAfter) {
		f.refuse("modifiedBefore", f.raw["modifiedBefore"], "a time after modifiedAfter")
	}
	return filter
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

// ValidRunName says whether name can be the name of an execution as mapfleet allows it: 1 to 80
// letters, digits, hyphens and underscores, so that it can stand in a key and in an ARN.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func ValidRunName(name string) bool {
	return len(name) >= 1 && len(name) <= 80 && !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
}
