package estimate

import (
	"fmt"
	"testing"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// TestSimulationAgreesWithTheBill: a dry run works the time out in one line of package cost, and this package by
// simulation. Where nothing but the run's own concurrency bounds it they must not tell different stories: the
// simulation alone knows that of many batches one takes twice as long as the mean.
func TestSimulationAgreesWithTheBill(t *testing.T) {
	for _, items := range []int{10_000, 1_000_000} {
		for _, workers := range []int{8, 50, 200} {
			for _, bytes := range []int64{50_000, 2_800_000} {
				t.Run(fmt.Sprint(items, " of ", bytes, " by ", workers), func(t *testing.T) {
					load := cost.Load{
						Items: items, Piles: cost.Piles{cost.JPEG: {Items: items, Bytes: int64(items) * bytes}}, MapRuns: 1, Memory: 1769, BatchSize: 100,
						Variants: []job.Variant{{Name: "w1024", Width: 1024, Height: 1024, Format: job.FormatSame}}, Architecture: job.ARM64,
					}
					limits := AWS()
					limits.MaxConcurrency = workers
					s, err := Of(load, nil, limits, cost.USEast1())
					if err != nil {
						t.Fatal(err)
					}
					if off := (s.Forecast.Time - s.Bill.Time).Abs(); off > s.Bill.Time/8+3*s.Bill.Batch/2+2*time.Second {
						t.Errorf("simulated it takes %v, by the bill %v with batches of %v", s.Forecast.Time, s.Bill.Time, s.Bill.Batch)
					}
					load.Workers = workers
					if bill := cost.Of(load, cost.USEast1()); bill.USD != s.Bill.USD || bill.Batches != s.Forecast.Invocations {
						t.Errorf("the bill is of %v USD and %d batches, the simulation's of %v and %d", bill.USD, bill.Batches, s.Bill.USD, s.Forecast.Invocations)
					}
				})
			}
		}
	}
}
