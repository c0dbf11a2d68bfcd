package account

import (
	"fmt"
	"strings"
	"time"

	"mapfleet/functions/job"
)

// setting is one line of the run's settings.
type setting struct{ Name, Value string }

// Settings lists what the run was asked to do, in words.
func (p page) Settings() []setting {
	j, limits := p.Plan.Job, p.Plan.Limits
	list := []setting{
		{"Source", p.source()},
		{"Destination", "s3://" + j.Destination.Bucket + "/" + j.Destination.Prefix},
		{"Batch size", items(limits.BatchSize)},
		{"Concurrency", "Up to " + count(limits.MaxConcurrency) + " batches at a time"},
		{"Tolerated failures", plainPercent(limits.ToleratedFailurePercentage)},
		{"Existing outputs", map[job.Overwrite]string{
			job.OverwriteStale:  "Replaced where source or recipe changed",
			job.OverwriteAlways: "Always replaced",
			job.OverwriteNever:  "Never replaced",
		}[j.Overwrite]},
		{"Filter", filter(j.Filter)},
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

// source names the listing or the manifest that the run went over.
func (p page) source() string {
	const most = 3
	var places []string
	for i, shard := range p.Plan.Shards {
		if i == most {
			places = append(places, fmt.Sprintf("and %s more", count(len(p.Plan.Shards)-most)))
			break
		}
		if shard.Kind == job.ShardManifest {
			places = append(places, fmt.Sprintf("the manifest s3://%s/%s", shard.Bucket, shard.Key))
			continue
		}
		places = append(places, fmt.Sprintf("every object under s3://%s/%s", shard.Bucket, shard.Prefix))
	}
	return capital(strings.Join(places, ", "))
}

func filter(f job.Filter) string {
	var parts []string
	if len(f.Suffixes) > 0 {
		parts = append(parts, "ends in "+strings.Join(f.Suffixes, ", "))
	}
	if f.MinBytes > 0 {
		parts = append(parts, "at least "+size(f.MinBytes))
	}
	if f.MaxBytes > 0 {
		parts = append(parts, "at most "+size(f.MaxBytes))
	}
	if !f.ModifiedAfter.IsZero() {
		parts = append(parts, "modified after "+f.ModifiedAfter.UTC().Format(time.RFC3339))
	}
	if !f.ModifiedBefore.IsZero() {
		parts = append(parts, "modified before "+f.ModifiedBefore.UTC().Format(time.RFC3339))
	}
	return capital(strings.Join(parts, "; "))
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
	return count(pixels)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}
