package job

import (
	"fmt"

	"mapfleet/functions/job/fields"
)

// Overwrite says what happens where an output exists already.
type Overwrite string

// The overwrite modes.
const (
	OverwriteStale  Overwrite = "stale"  // write where the output is missing, or was made from another ETag or another recipe
	OverwriteAlways Overwrite = "always" // write always, but over the output of another source; also over what mapfleet did not make
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

	maxDelimiterBytes = 32
)

// MaxMapRunItems is how many items one Map Run may be told to read at most (A50 of package asl).
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
const MaxMapRunItems = 100_000_000

// maxCostUSD is the largest limit of a run's cost: above it a digit has slipped in.
const maxCostUSD = 1_000_000

// Input is what a person, a schedule or an event asks of one run, with the deployment's defaults filled
// in. The zero JSON object {} is a valid input: every object under the deployment's prefix, by the
// deployment's recipe.
type Input struct {
	// At most one of the four says which objects: Prefix by default.
	Prefix   string   // list the objects under it; starts with the deployment's prefix
	Manifest string   // s3://bucket/key of a list of objects, in a bucket that Deployment.Manifests allows; see ManifestFormatOf
	Keys     []string // these objects, at most MaxKeys
	// RetryFailuresOf are the objects that failed in the run of this name. What the caller leaves out of
	// variants, overwrite and filter is that run's: Again fills it in before the input is parsed.
	RetryFailuresOf string

	// ShardBy splits the listing where it stands behind Prefix, into one Map Run for each part; empty: one
	// Map Run in all. Only of a Prefix, and not beside MaxItems.
	ShardBy string
	// MaxItems is how many items are taken at most, the first ones; 0 is no limit.
	MaxItems int

	Filter    Filter
	Variants  []Variant
	Overwrite Overwrite

	// BatchSize is how many items are handed to one worker at a time; with BatchSizeGiven, the caller
	// said so.
	BatchSize                  int
	BatchSizeGiven             bool
	MaxConcurrency             int     // batches at work at a time
	ToleratedFailurePercentage float64 // 0 to 100; without a word of the caller's all are tolerated of RetryFailuresOf, so that each is tried

	// MaxCostUSD is what the run may be estimated to cost at most; 0 is no limit.
	MaxCostUSD float64
	// DryRun ends the run once it is planned and estimated: nothing is started.
	DryRun bool

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
	f := fields.Read("", data, &problems)
	if f.Raw == nil {
		return in, InvalidInput{problems}
	}
	in.parseSource(f, d)
	if in.RetryFailuresOf != "" {
		in.ToleratedFailurePercentage = 100
	}
	if raw := f.Take("filter"); raw != nil {
		in.Filter = parseFilter(f.Name("filter"), raw, &problems)
	}
	if raw := f.Take("variants"); raw != nil {
		in.Variants = parseVariants("variants", raw, &problems)
		problems = append(problems, d.refuseFormats("variants", in.Variants)...)
	}
	fields.OneOf(f, "overwrite", &in.Overwrite, OverwriteStale, OverwriteAlways, OverwriteNever)
	f.Whole("batchSize", &in.BatchSize, 1, d.MaxBatchSize)
	in.BatchSizeGiven = f.Has("batchSize")
	f.Whole("maxConcurrency", &in.MaxConcurrency, 1, d.MaxMaxConcurrency)
	f.Number("toleratedFailurePercentage", &in.ToleratedFailurePercentage, 0, 100)
	in.parseGuards(f)
	for _, name := range []string{"comment", "Comment"} {
		comment := fmt.Sprintf("a string of at most %d bytes", maxCommentBytes)
		if f.Text(name, &in.Comment, comment) && len(in.Comment) > maxCommentBytes {
			f.Refuse(name, f.Raw[name], comment)
		}
	}
	f.End()
	if problems != nil {
		return in, InvalidInput{problems}
	}
	return in, nil
}

// parseGuards reads what bounds or splits a run.
func (in *Input) parseGuards(f *fields.Object) {
	f.Whole("maxItems", &in.MaxItems, 1, MaxMapRunItems)
	delimiters := fmt.Sprintf(`a delimiter of 1 to %d bytes, such as "/"`, maxDelimiterBytes)
	if f.Text("shardBy", &in.ShardBy, delimiters) {
		switch {
		case in.ShardBy == "" || len(in.ShardBy) > maxDelimiterBytes:
			f.Refuse("shardBy", f.Raw["shardBy"], delimiters)
		case f.Has("manifest") || f.Has("keys") || f.Has("retryFailuresOf"):
			f.Refuse("shardBy", f.Raw["shardBy"], "shardBy only of a listing: not beside manifest, keys or retryFailuresOf")
		case f.Has("maxItems"):
			f.Refuse("shardBy", f.Raw["shardBy"], "shardBy or maxItems, not both: each part of a split listing would take as many")
		}
	}
	before := len(*f.Problems)
	f.Number("maxCostUSD", &in.MaxCostUSD, 0, maxCostUSD)
	if f.Has("maxCostUSD") && (len(*f.Problems) > before || in.MaxCostUSD == 0) {
		*f.Problems = (*f.Problems)[:before]
		f.Refuse("maxCostUSD", f.Raw["maxCostUSD"], fmt.Sprintf("a number of US dollars above 0, up to %d", maxCostUSD))
	}
	f.Flag("dryRun", &in.DryRun)
}
