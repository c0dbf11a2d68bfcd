package estimate

import (
	"fmt"
	"math"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// Checks are HTTP requests that are made again and again, each time by one run over all of them.
type Checks struct {
	Count       int           // a run
	Every       time.Duration // from one run to the next
	Mean, Worst time.Duration // of one request
	BatchSize   int
	Memory      int // MB of a worker
}

// PublishedFanOut is what 10,000 checks a minute were published to cost in a month, with a Lambda
// invocation for each and invokers of invokers: about so many US dollars.
const PublishedFanOut = 800

// month is 30.4 days.
const month = 730 * time.Hour

// Each run beside its workers: Prepare and Report, and the objects that they and the workers pass on.
const (
	checkClerk       = 1500 * time.Millisecond // of Prepare, and of Report; assumed
	checkClerkMemory = 1024                    // MB
	checkPerLine     = 20 * time.Microsecond   // of both
	checkStates      = 7                       // transitions: Prepare, CheckAll, Report, alerts, the ends
	checkObjects     = 8                       // objects put: items, result files, output, summary, page
	checkWorkerStart = 250 * time.Millisecond  // before and after the requests of a batch; assumed
)

// Month works out a month of checks, line by line. A worker makes the requests of its batch side by
// side, so that a batch takes as long as its slowest request.
func (c Checks) Month(p cost.Prices) ([]job.CostLine, float64, error) {
	switch {
	case c.Count < 1 || c.BatchSize < 1 || c.Memory < 128:
		return nil, 0, fmt.Errorf("checks: given %d in batches of %d with %d MB; allowed 1 or more, 1 or more, 128 MB or more", c.Count, c.BatchSize, c.Memory)
	case c.Every < time.Minute || c.Mean <= 0 || c.Worst < c.Mean:
		return nil, 0, fmt.Errorf("checks: given every %v, %v on average and %v at worst; allowed a minute or more, more than 0, no less than the average", c.Every, c.Mean, c.Worst)
	}
	runs := month.Seconds() / c.Every.Seconds()
	batches := float64((c.Count + c.BatchSize - 1) / c.BatchSize)
	batch := c.Worst + checkWorkerStart
	clerks := 2*checkClerk + time.Duration(c.Count)*checkPerLine
	express := math.Ceil((batch+50*time.Millisecond).Seconds()*10) / 10 * 64 / 1024

	var w Way
	w.line("Lambda, workers", runs*batches*batch.Seconds()*float64(c.Memory)/1024, p.LambdaARM64)
	w.line("Lambda, Prepare and Report", runs*clerks.Seconds()*checkClerkMemory/1024, p.LambdaARM64)
	w.line("Lambda, requests", runs*(batches+2), p.LambdaRequest)
	w.line("Step Functions, transitions", runs*(checkStates+batches), p.Transition)
	w.line("Step Functions, EXPRESS children", runs*batches, p.ExpressRequest)
	w.line("Step Functions, EXPRESS duration", runs*batches*express, p.ExpressDuration)
	w.line("S3, PUT", runs*(checkObjects+batches), p.S3Put)
	w.line("S3, GET", runs*(checkObjects+batches), p.S3Get)
	return w.Bill, w.USD, nil
}
