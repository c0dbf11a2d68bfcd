package plan

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// wantsEstimate says whether the run's items are to be counted and priced before it starts.
func wantsEstimate(in job.Input) bool { return in.DryRun || in.MaxCostUSD > 0 }

// estimate prices what s counted, as the plan would have it done.
func (p *Planner) estimate(in job.Input, plan job.Plan, s survey) *job.Estimate {
	fetched := s.piles.All()
	pictures := fetched.Items
	load := cost.Load{
		Items: s.items, Piles: s.piles, Classes: s.classes,
		Variants:  in.Variants,
		Lists:     2*s.lists + 2, // once by Prepare and once by the Map Runs, and a look at either bucket
		BatchSize: plan.Limits.BatchSize,
		Workers:   plan.Limits.MapRuns * plan.Limits.MaxConcurrency,
		MapRuns:   len(plan.Shards),
		Memory:    p.Deployment.WorkerMemory, Architecture: p.Deployment.WorkerArchitecture,
	}
	if !plan.Job.Fresh {
		load.Heads = pictures*len(in.Variants) + s.unknownETags
	}
	prices := cost.USEast1()
	bill := cost.Of(load, prices)
	return &job.Estimate{
		Complete: !s.cut,
		Items:    s.items, Bytes: s.bytes, UnknownSizes: s.unknownSizes,
		ToWrite: pictures, BytesToRead: fetched.Bytes, Outputs: pictures * len(in.Variants),
		IgnoredBy: some(map[string]int{ignoredEmpty: s.empty, ignoredFilter: s.filtered}),
		FailedBy:  some(map[string]int{failedArchived: s.archived}),
		Batches:   bill.Batches, MapRuns: len(plan.Shards),
		Seconds: bill.Time.Round(time.Second / 10).Seconds(),
		USD:     bill.USD, Lines: bill.Lines, Prices: prices.Of,
		Notes: notes(in, s, bill),
	}
}

// notes says what the figures rest on.
func notes(in job.Input, s survey, bill cost.Bill) []string {
	var list []string
	if s.cut {
		list = append(list, fmt.Sprintf("The time for counting ended after %d objects: all figures are of these, and there are more. An S3 Inventory as manifest counts any number, and shardBy counts %d parts at a time.", s.items, countsAtOnce))
	}
	list = append(list, "Everything is counted as if it had to be written: what is current already, and what is no picture, only the workers find out.")
	if s.unknownSizes > 0 {
		list = append(list, fmt.Sprintf("%d objects of unknown size are taken for %d bytes each, a JPEG of 12 megapixels.", s.unknownSizes, assumedBytes))
	}
	if bill.Batch > cost.LongestBatch {
		list = append(list, fmt.Sprintf("A batch would take about %v, and a child execution ends after 5 minutes: ask for a smaller batchSize.", bill.Batch.Round(time.Second)))
	}
	if in.DryRun && in.MaxCostUSD > 0 && bill.USD > in.MaxCostUSD {
		list = append(list, fmt.Sprintf("This is more than maxCostUSD, %s: the run would not start.", dollars(in.MaxCostUSD)))
	}
	return append(list, cost.Assumptions()...)
}

// affordable refuses a run that is estimated above its limit, or whose cost is not known for certain to
// be below it.
func affordable(in job.Input, e job.Estimate) error {
	switch {
	case in.DryRun || in.MaxCostUSD == 0:
		return nil
	case e.USD > in.MaxCostUSD:
		of := fmt.Sprintf("all it would do (%d listed)", e.Items)
		if !e.Complete {
			of = fmt.Sprintf("the first %d of its items alone", e.Items)
		}
		return job.TooExpensive{Message: fmt.Sprintf("the run is estimated to cost %s for %s, more than maxCostUSD, %s: raise it, or narrow the run by prefix, filter or maxItems; dryRun shows every line of the estimate",
			dollars(e.USD), of, dollars(in.MaxCostUSD))}
	case !e.Complete:
		return job.TooExpensive{Message: fmt.Sprintf("the run cannot be held to maxCostUSD, %s: the first %d of its items are estimated to cost %s, and there was no time to count the others; an S3 Inventory as manifest counts any number",
			dollars(in.MaxCostUSD), e.Items, dollars(e.USD))}
	}
	return nil
}

// dollars writes an amount with cents, and with the fractions of a cent that it has.
func dollars(v float64) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	return "$" + whole + "." + fraction + strings.Repeat("0", max(2-len(fraction), 0))
}

// some returns counts without zeros, nil if there is nothing in it.
func some(counts map[string]int) map[string]int {
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n == 0 })
	if len(counts) == 0 {
		return nil
	}
	return counts
}
