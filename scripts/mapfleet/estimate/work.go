package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"mapfleet/functions/cost"
)

// Work is what a run has to do.
type Work struct {
	Items     int // 0 or more
	BatchSize int // at least 1
	// Batch is the mean duration of a full batch, without the start of a new environment. A smaller one
	// takes Overhead and its share of the rest.
	Batch    time.Duration
	Overhead time.Duration
	// Spread is the standard deviation of a batch's duration by its mean; 0 is none.
	Spread float64
	// Gets and Puts are S3 requests an item; of Pictures, an item that is fetched.
	Gets, Puts float64
	// Pictures says what each item takes, in the place of Batch, and on which prefix it lies; nil: all are
	// alike, and on one.
	Pictures *Pictures
	// Manifest says that the items are lines of a file, not keys of a listing.
	Manifest bool
}

func (w Work) validate(l Limits) error {
	switch {
	case w.Items < 0 || w.Items > maxItems:
		return fmt.Errorf("items: given %d, allowed 0 to %d", w.Items, maxItems)
	case w.BatchSize < 1:
		return fmt.Errorf("batch size: given %d, allowed 1 or more", w.BatchSize)
	case w.Batch <= 0 || w.Overhead < 0 || w.Overhead > w.Batch:
		return fmt.Errorf("duration of a batch: given %v, of which overhead %v; allowed more than 0, and an overhead within it", w.Batch, w.Overhead)
	case w.Spread < 0 || w.Spread > 10:
		return fmt.Errorf("spread: given %v, allowed 0 to 10", w.Spread)
	case l.MaxConcurrency < 1 || l.AccountConcurrency < 1:
		return fmt.Errorf("concurrency: given %d of a run and %d of the account, allowed 1 or more", l.MaxConcurrency, l.AccountConcurrency)
	}
	return nil
}

// maxItems keeps a simulation within minutes.
const maxItems = 10_000_000_000

// batches returns how many there are, and how many items the last one has.
func (w Work) batches() (n, last int) {
	n = (w.Items + w.BatchSize - 1) / w.BatchSize
	return n, w.Items - (n-1)*w.BatchSize
}

// duration of a batch with so many items from the first on: log-normal about its mean, since no batch takes
// less than nothing and a few take long. fetched is told of each item that S3 is asked for.
func (w Work) duration(first, items int, random *rand.Rand, fetched func(prefix uint16)) time.Duration {
	mean := float64(w.Overhead) + float64(w.Batch-w.Overhead)*float64(items)/float64(w.BatchSize)
	if w.Pictures != nil {
		mean = float64(w.Overhead + w.Pictures.batch(first, items, fetched))
	}
	if w.Spread == 0 {
		return time.Duration(mean)
	}
	variance := math.Log(1 + w.Spread*w.Spread)
	return time.Duration(mean * math.Exp(random.NormFloat64()*math.Sqrt(variance)-variance/2))
}

// available is when the last item of a batch has been read, from the first page on.
func (w Work) available(l Limits, lastItem int) time.Duration {
	if w.Manifest {
		return time.Duration(lastItem+1) * l.ReadLine
	}
	return time.Duration(lastItem/cost.PageKeys+1) * l.ListPage
}
