package account

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// setting is one line of the run's settings.
type setting struct{ Name, Value string }

// Settings lists what the run was asked to do, in words.
func (p page) Settings() []setting {
	j, limits := p.Plan.Job, p.Plan.Limits
	list := []setting{
		{"Source", p.source()},
		{"Failures of", p.Plan.RetryFailuresOf},
		{"Destination", "s3://" + j.Destination.Bucket + "/" + j.Destination.Prefix},
		{"Batch size", items(limits.BatchSize)},
		{"Concurrency", concurrency(limits)},
		{"Limit", limit(limits)},
		{"Tolerated failures", look.Percent(limits.ToleratedFailurePercentage)},
		{"Existing outputs", map[job.Overwrite]string{
			job.OverwriteStale:  "Replaced where source or recipe changed",
			job.OverwriteAlways: "Always replaced",
			job.OverwriteNever:  "Never replaced",
		}[j.Overwrite]},
		{"Filter", filter(j.Filter)},
		{"Left out of the manifest", leftOut(p.Plan.LeftOut)},
		{"Estimated before", estimated(p.Plan.Estimate)},
		{"Batches", fmt.Sprintf("%s in %s", plural(p.Summary.Batches, "batch", "batches"), plural(p.Summary.MapRuns, "Map Run", "Map Runs"))},
		{"Comment", p.Plan.Comment},
		{"Execution", p.Summary.Execution},
	}
	kept := list[:0]
	for _, s := range list {
		if s.Value != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

func concurrency(l job.Limits) string {
	text := "Up to " + plural(max(l.MapRuns, 1)*l.MaxConcurrency, "batch", "batches") + " at a time"
	if l.MapRuns > 1 {
		text += ", in " + look.Count(l.MapRuns) + " Map Runs at a time"
	}
	return text
}

// limit tells how many items were taken at most, if that was asked for.
func limit(l job.Limits) string {
	if l.MaxItems == 0 || l.MaxItems == job.MaxMapRunItems {
		return ""
	}
	return "The first " + items(l.MaxItems)
}

// leftOut tells what of a manifest was no item of the run.
func leftOut(counts map[string]int) string {
	words := map[string]string{
		job.LeftRepeated:   "a key of the line before once more",
		job.LeftOldVersion: "an old version",
		job.LeftDeleted:    "deleted since",
		job.LeftOutside:    "outside the deployment's prefix",
	}
	var parts []string
	for _, code := range look.ByCount(counts) {
		parts = append(parts, plural(counts[code], "line", "lines")+" ("+cmp.Or(words[code], code)+")")
	}
	return strings.Join(parts, ", ")
}

// estimated tells what the run was to take at most, if that was worked out.
func estimated(e *job.Estimate) string {
	if e == nil {
		return ""
	}
	return fmt.Sprintf("%s to write at most, $%.2f on AWS (%s), %s", items(e.ToWrite), e.USD, e.Prices, look.Duration(e.Seconds))
}

// source names the listing or the manifest that the run went over; of a run that found nothing to list, where it
// looked as far as its plan tells.
func (p page) source() string {
	const most = 3
	if from := p.Plan.Job.Source; len(p.Plan.Shards) == 0 && from.Bucket != "" {
		return fmt.Sprintf("Nothing of s3://%s/%s that the run's input asks for", from.Bucket, from.Prefix)
	}
	var places []string
	for i, shard := range p.Plan.Shards {
		if i == most {
			places = append(places, fmt.Sprintf("and %s more", look.Count(len(p.Plan.Shards)-most)))
			break
		}
		if shard.Kind == job.ShardManifest {
			places = append(places, fmt.Sprintf("the manifest s3://%s/%s", shard.Bucket, shard.Key))
			continue
		}
		places = append(places, fmt.Sprintf("every object under s3://%s/%s", shard.Bucket, shard.Prefix))
	}
	return look.Capital(strings.Join(places, ", "))
}

func filter(f job.Filter) string {
	var parts []string
	if len(f.Suffixes) > 0 {
		parts = append(parts, "ends in "+strings.Join(f.Suffixes, ", "))
	}
	if f.MinBytes > 0 {
		parts = append(parts, "at least "+look.Size(f.MinBytes))
	}
	if f.MaxBytes > 0 {
		parts = append(parts, "at most "+look.Size(f.MaxBytes))
	}
	if !f.ModifiedAfter.IsZero() {
		parts = append(parts, "modified after "+f.ModifiedAfter.UTC().Format(time.RFC3339))
	}
	if !f.ModifiedBefore.IsZero() {
		parts = append(parts, "modified before "+f.ModifiedBefore.UTC().Format(time.RFC3339))
	}
	return look.Capital(strings.Join(parts, "; "))
}

// variant is a line of the table of variants.
type variant struct{ Name, Box, Fit, Format, Key string }

// Variants lists the recipe.
func (p page) Variants() []variant {
	var list []variant
	for _, v := range p.Plan.Job.Variants {
		format := string(v.Format)
		if v.Format == job.FormatSame {
			format = "as the source"
		}
		if v.Quality > 0 {
			format += fmt.Sprintf(", quality %d", v.Quality)
		}
		fit := string(v.Fit)
		if v.Upscale {
			fit += ", may enlarge"
		}
		if v.Background != "" {
			fit += ", on " + v.Background
		}
		list = append(list, variant{v.Name, side(v.Width) + " × " + side(v.Height), fit, format, v.Key})
	}
	return list
}

func side(pixels int) string {
	if pixels == 0 {
		return "any"
	}
	return look.Count(pixels)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return look.Count(n) + " " + many
}
