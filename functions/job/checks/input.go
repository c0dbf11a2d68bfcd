package checks

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/job/fields"
)

// Input is what a person, a schedule or an upload asks of one run, with the deployment's defaults filled
// in.
type Input struct {
	File   string // s3://BUCKET/KEY of the checks, see FormatOf
	Output string // s3://BUCKET/KEY of the results; its extension says how they are written, .csv or .jsonl

	BatchSize                  int     // lines that are handed to one worker at a time
	MaxConcurrency             int     // batches at work at a time
	ToleratedFailurePercentage float64 // lines of batches that failed; the Map Run ends above it
	// StaleAfter is how long others over the same file take for granted that the run is at work. Its report lets
	// them in; this is for a run that comes to no report: from then on they look up whether it is still going.
	StaleAfter time.Duration
	Comment    string // the caller's own note; it changes nothing
}

// FilesPrefix is the folder of the work bucket in which an upload starts a run.
const FilesPrefix = "checks/"

const (
	resultsMark     = ".results" // before the extension of a file of results
	maxURLOfFile    = 2 << 10
	maxCommentBytes = 4 << 10
)

// FormatOf tells the format by a file's key: .csv, .json, .jsonl or .ndjson in any case, with .gz behind
// it or not. ok is false for any other.
func FormatOf(key string) (format Format, ok bool) {
	switch path.Ext(strings.TrimSuffix(strings.ToLower(key), ".gz")) {
	case ".csv":
		return FormatCSV, true
	case ".json":
		return FormatJSON, true
	case ".jsonl", ".ndjson":
		return FormatJSONL, true
	}
	return "", false
}

// ResultsKey returns where the results of a file go unless the run says so: beside it. They are written
// as it is, a JSON list as JSON Lines.
func ResultsKey(key string) string {
	format, _ := FormatOf(key)
	for _, ext := range []string{".gz", ".GZ"} {
		key = strings.TrimSuffix(key, ext)
	}
	key = strings.TrimSuffix(key, path.Ext(key)) + resultsMark
	if format == FormatCSV {
		return key + ".csv"
	}
	return key + ".jsonl"
}

// IsResults says whether a key is named as results are. Such an object is never taken for checks, and where
// uploads start runs its own starts none.
func IsResults(key string) bool {
	name := strings.ToLower(path.Base(key))
	return strings.HasSuffix(name, resultsMark+".csv") || strings.HasSuffix(name, resultsMark+".jsonl")
}

// ParseInput reads and checks a run input against what the deployment allows. It is a JSON object, {} at
// the least. The error is a job.InvalidInput that names every unknown field, wrong type and value out of
// range.
func ParseInput(data []byte, d Deployment) (Input, error) {
	in := Input{
		File: d.File, BatchSize: d.DefaultBatchSize, MaxConcurrency: d.DefaultMaxConcurrency,
		ToleratedFailurePercentage: 100, StaleAfter: d.StaleAfter,
	}
	var problems []job.Problem
	m := fields.Read("", data, &problems)
	if m.Raw == nil {
		return in, job.InvalidInput{Problems: problems}
	}
	in.parseFiles(m, d)
	m.Whole("batchSize", &in.BatchSize, 1, d.MaxBatchSize)
	m.Whole("maxConcurrency", &in.MaxConcurrency, 1, d.MaxMaxConcurrency)
	m.Number("toleratedFailurePercentage", &in.ToleratedFailurePercentage, 0, 100)
	m.Duration("staleAfter", &in.StaleAfter, time.Minute, 24*time.Hour)
	for _, name := range []string{"comment", "Comment"} {
		m.ShortText(name, &in.Comment, maxCommentBytes, "a text")
	}
	m.End()
	if problems != nil {
		return in, job.InvalidInput{Problems: problems}
	}
	return in, nil
}

// parseFiles reads where checks and results lie.
func (in *Input) parseFiles(m *fields.Object, d Deployment) {
	allowed := fmt.Sprintf("s3://BUCKET/KEY with a key that ends in .csv, .json or .jsonl (.gz may follow) and not in %s.csv or %s.jsonl, in one of the buckets %s, of which %s only below %s",
		resultsMark, resultsMark, strings.Join(d.Buckets(), ", "), d.WorkBucket, FilesPrefix)
	m.ShortText("file", &in.File, maxURLOfFile, "a text")
	bucket, key, ok := job.SplitURL(in.File)
	if _, known := FormatOf(key); !ok || !known || !d.open(bucket, key) || IsResults(key) {
		m.Refuse("file", []byte(in.File), allowed)
		return
	}
	in.Output = "s3://" + bucket + "/" + ResultsKey(key)
	m.ShortText("output", &in.Output, maxURLOfFile, "a text")
	bucket, key, ok = job.SplitURL(in.Output)
	uploads := bucket == d.WorkBucket && strings.HasPrefix(key, FilesPrefix)
	if ext := strings.ToLower(path.Ext(key)); !ok || ext != ".csv" && ext != ".jsonl" || !d.open(bucket, key) || in.Output == in.File || uploads && !IsResults(key) {
		m.Refuse("output", []byte(in.Output), fmt.Sprintf("s3://BUCKET/KEY, other than the file, with a key that ends in .csv or .jsonl (below %s in %s.csv or %s.jsonl), in one of the buckets %s, of which %s only below %s",
			FilesPrefix, resultsMark, resultsMark, strings.Join(d.Buckets(), ", "), d.WorkBucket, FilesPrefix))
	}
}

// open says whether a file of checks or results may lie there: anywhere in the file buckets, and under
// FilesPrefix in the work bucket, which is all of it that the functions may read and write for this.
func (d Deployment) open(bucket, key string) bool {
	if bucket == d.WorkBucket {
		return strings.HasPrefix(key, FilesPrefix)
	}
	return slices.Contains(d.Files, bucket)
}
