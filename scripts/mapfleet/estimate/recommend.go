package estimate

import (
	"errors"
	"math"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
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
	pictures := float64(load.Piles.All().Items) / float64(load.Items)
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
// that cost at most a twentieth more than the cheapest, with no more workers than S3 can serve. It leaves half of
// the account's concurrency to others, and keeps batches short enough for the default timeout. counted is as of Of.
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
	best, err := best.withoutQueue(load, counted, l, p)
	best.Concurrency = max(1, min(best.Concurrency, best.Forecast.Peak))
	return best, err
}

const (
	// queue is the part of its workers' time from which on a fleet is too large for S3.
	queue = 0.05
	// slower is how much more time a smaller fleet may take that does the same.
	slower = 1.05
)

// withoutQueue returns s with so few workers that they do not queue before S3, which they would be paid for; it
// is as fast.
func (s Setting) withoutQueue(load cost.Load, counted *survey.Survey, l Limits, p cost.Prices) (Setting, error) {
	if float64(s.Forecast.Waited[ByS3]) <= queue*float64(s.Forecast.Busy) {
		return s, nil
	}
	load.Memory, load.BatchSize = s.Memory, s.BatchSize
	atWork := 1 - float64(s.Forecast.Waited[ByS3])/float64(s.Forecast.Busy)
	for _, spare := range []float64{1, 1.05, 1.15} {
		l.MaxConcurrency = int(math.Ceil(float64(s.Forecast.Peak) * atWork * spare))
		fewer, err := Of(load, counted, l, p)
		if err != nil {
			return s, err
		}
		if float64(fewer.Forecast.Time) <= slower*float64(s.Forecast.Time) {
			return fewer, nil
		}
	}
	return s, nil
}

// Queueing is what workers are paid for while they wait for S3's request rates, in US dollars. The bill leaves it
// out: it takes S3 to serve at once.
func (s Setting) Queueing(a job.Architecture, p cost.Prices) float64 {
	price := p.LambdaARM64
	if a == job.X86 {
		price = p.LambdaX86
	}
	return s.Forecast.Waited[ByS3].Seconds() * float64(s.Memory) / 1024 * price.USD
}
