package estimate

import (
	"errors"
	"math"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

// Setting is one way to set up a fleet, and what a load comes to under it.
type Setting struct {
	Memory      int // MB of a worker
	BatchSize   int
	Concurrency int
	Bill        cost.Bill
	Forecast    Forecast
}

// The settings that are tried.
var (
	memories   = [...]int{1024, 1769, 3008}
	batchSizes = [...]int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}
)

const (
	// spread is how much the durations of batches differ, by their mean: assumed.
	spread = 0.3
	// longestBatch is half of what the default timeout of a worker lets a batch take on average.
	longestBatch = 30 * time.Second
	// dearer is how much more than the cheapest setting a faster one may cost.
	dearer = 1.05
)

// Of works out one setting: the bill by package cost, the time by simulation. counted, if not nil, is what
// load was counted from: then the simulation knows each item.
func Of(load cost.Load, counted *survey.Survey, l Limits, p cost.Prices) (Setting, error) {
	load.BatchSize = min(load.BatchSize, cost.MostInBatch(load.KeyBytes))
	load.Workers = min(l.MaxConcurrency, l.AccountConcurrency)
	s := Setting{Memory: load.Memory, BatchSize: load.BatchSize, Concurrency: load.Workers, Bill: cost.Of(load, p)}
	if load.Items == 0 {
		return s, nil
	}
	pictures := float64(load.JPEG.Items+load.Other.Items) / float64(load.Items)
	work := Work{
		Items: load.Items, BatchSize: load.BatchSize, Spread: spread,
		Batch: s.Bill.Batch, Overhead: s.Bill.Batch - s.Bill.Work/time.Duration(s.Bill.Batches),
		Gets: pictures, Puts: pictures * float64(len(load.Variants)),
	}
	if counted != nil {
		work.Pictures, work.Manifest = picturesOf(counted, load, s.Bill), counted.Lines
		work.Gets, work.Puts = 1, float64(len(load.Variants))
	}
	var err error
	s.Forecast, err = Simulate(work, l, 1)
	return s, err
}

// Recommend tries memories, batch sizes and concurrencies for a load, and returns the fastest of those
// that cost at most a twentieth more than the cheapest. It leaves half of the account's concurrency to
// others, and keeps batches short enough for the default timeout. counted is as of Of.
func Recommend(load cost.Load, counted *survey.Survey, l Limits, p cost.Prices) (Setting, error) {
	l.MaxConcurrency = max(1, min(l.MaxConcurrency, l.AccountConcurrency/2))
	load.Workers = min(l.MaxConcurrency, l.AccountConcurrency)
	var all []cost.Load
	least := math.Inf(1)
	for _, memory := range memories {
		for _, size := range batchSizes {
			load.Memory, load.BatchSize = memory, size
			if size > cost.MostInBatch(load.KeyBytes) {
				continue
			}
			if bill := cost.Of(load, p); bill.Batch <= longestBatch {
				all = append(all, load)
				least = min(least, bill.USD)
			}
		}
	}
	if len(all) == 0 {
		return Setting{}, errors.New("one picture takes longer than a worker has time for: no setting fits")
	}
	var best Setting
	for _, load := range all {
		if cost.Of(load, p).USD > dearer*least {
			continue
		}
		s, err := Of(load, counted, l, p)
		if err != nil {
			return Setting{}, err
		}
		if best.Memory == 0 || s.Forecast.Time < best.Forecast.Time {
			best = s
		}
	}
	best.Concurrency = max(1, min(best.Concurrency, best.Forecast.Peak))
	return best, nil
}
