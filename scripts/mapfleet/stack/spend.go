package stack

import (
	"math"

	"mapfleet/functions/cost"
)

// What a run on AWS is believed to be made of, beside what is counted.
const (
	expressMemory = 64.0 / 1024 // GB, the least that is charged (A51 of package asl)
	aroundStates  = 8           // transitions outside the Map Runs
)

// Spend is about what a run has cost so far, in US dollars by prices: batches that were started, the
// time that they worked as far as looks tell, and for each item a GET and a PUT for each of its outputs, as if all
// had to be written.
func (s Sight) Spend(w Worker, outputs int, prices cost.Prices) float64 {
	var batches, items float64
	for _, m := range s.MapRuns {
		c := m.Executions
		batches += float64(c.Running + c.Succeeded + c.Failed + c.TimedOut + c.Aborted)
		items += float64(m.Items.Succeeded)
	}
	seconds := s.Working.Seconds()
	usd := seconds*w.second(prices) +
		seconds*expressMemory*prices.ExpressDuration.USD +
		batches*(prices.LambdaRequest.USD+prices.Transition.USD+prices.ExpressRequest.USD) +
		aroundStates*prices.Transition.USD +
		items*(prices.S3Get.USD+float64(outputs)*prices.S3Put.USD)
	return math.Round(usd*1e6) / 1e6
}
