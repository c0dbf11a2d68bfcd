package estimate

import (
	"fmt"
	"math"
	"time"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/look"
)

// Checks are HTTP requests that are made again and again, each time by one run over all of them.
type Checks struct {
	Count       int           // a run
	Every       time.Duration // from one run to the next
	Mean, Worst time.Duration // of one request
	Hosts       int           // that the lines are spread over evenly; 0: so many that no host has more requests than it is asked at a time
	BatchSize   int
	// MaxConcurrency is how many batches are at work at a time: it changes how long a run takes, not its price.
	MaxConcurrency int
	Memory         int // MB of a worker
}

// StackChecks returns checks as a stack runs them by default: 10,000 a minute, which take what others were
// published to take.
func StackChecks() Checks {
	return Checks{
		Count: 10_000, Every: time.Minute, Mean: 500 * time.Millisecond, Worst: 1800 * time.Millisecond,
		BatchSize: checks.StackBatchSize, MaxConcurrency: checks.StackMaxConcurrency, Memory: checks.StackMemory,
	}
}

// PublishedFanOut is what 10,000 checks a minute were published to cost in a month, with a Lambda
// invocation for each and invokers of invokers: about so many US dollars.
const PublishedFanOut = 800

// month is 30.4 days.
const month = 730 * time.Hour

// Each run beside its workers: Prepare and Report, and the objects that they, the workers and the Map pass on.
// A test counts the states and the requests of a run.
const (
	checkClerk   = 1500 * time.Millisecond // of Prepare, and of Report; assumed
	checkPerLine = 20 * time.Microsecond   // of both
	checkStates  = 7                       // transitions: Prepare, Planned, CheckAll, Report, Changed, Judge, Done

	checkPuts  = 10 // lock, items and plan; manifest.json and result file; results, failing lines, page, memory and summary
	checkLists = 2  // by Report: of findings, of what it removes; to remove costs nothing
	checkGets  = 11 // file; items for the Map; plan, summary, memory twice, failing lines, manifest.json, result file, items and lock by Report

	checkBatchPuts = 1 // findings
	checkBatchGets = 2 // of the findings of an earlier try, which are not there; of the findings, by Report

	checkExpressGB = 64.0 / 1024 // the least that is charged (A51 of package asl)
)

// ChecksMonth is what a month of checks comes to.
type ChecksMonth struct {
	Runs     float64
	Batches  int // a run
	Batch    CheckBatch
	Run      time.Duration // from its start to its end
	Lines    []ChecksLine
	USD      float64
	Warnings []string // why the checks cannot run as they were asked; never nil
}

// ChecksLine is a line of the bill and how its quantity comes about.
type ChecksLine struct {
	job.CostLine
	Arithmetic string `json:"arithmetic"` // such as "43,800 runs x 20 batches"
}

// Month works out a month of checks, line by line.
func (c Checks) Month(p cost.Prices) (ChecksMonth, error) {
	switch {
	case c.Count < 1 || c.BatchSize < 1 || c.Memory < 128 || c.MaxConcurrency < 1 || c.Hosts < 0:
		return ChecksMonth{}, fmt.Errorf("checks: given %d to %d hosts in batches of %d, %d at a time, with %d MB; allowed 1 or more, 0 (many) or more, 1 or more, 1 or more, 128 MB or more",
			c.Count, c.Hosts, c.BatchSize, c.MaxConcurrency, c.Memory)
	case c.Every < time.Minute || c.Mean <= 0 || c.Worst < c.Mean:
		return ChecksMonth{}, fmt.Errorf("checks: given every %v, %v on average and %v at worst; allowed a minute or more, more than 0, no less than the average", c.Every, c.Mean, c.Worst)
	}
	m := ChecksMonth{
		Runs:    month.Seconds() / c.Every.Seconds(),
		Batches: (c.Count + c.batchSize() - 1) / c.batchSize(),
		Batch:   c.batch(),
	}
	clerks := 2*checkClerk + time.Duration(c.Count)*checkPerLine
	limits := AWS()
	limits.MaxConcurrency = c.MaxConcurrency
	f, err := Simulate(Work{Items: c.Count, BatchSize: c.batchSize(), Batch: m.Batch.Total, Overhead: m.Batch.Total, Manifest: true}, limits, 1)
	if err != nil {
		return m, err
	}
	m.Run = clerks + f.Time
	m.Warnings = c.warnings(m)

	batches, seconds := float64(m.Batches), round(m.Batch.Total.Seconds(), 100)
	worker, clerk := round(float64(c.Memory)/1024, 1000), round(cost.ClerkMemory/1024.0, 1000)
	express := math.Ceil((m.Batch.Total+limits.Transient).Seconds()*10) / 10
	runs, each := look.Count(int(m.Runs))+" runs", counted(m.Batches, "batch", "batches")
	line := func(what string, quantity float64, price cost.Price, arithmetic string, args ...any) {
		usd := quantity * price.USD
		m.USD += usd
		m.Lines = append(m.Lines, ChecksLine{
			job.CostLine{What: what, Quantity: quantity, Unit: price.Unit, Price: price.USD, USD: usd}, runs + " x " + fmt.Sprintf(arithmetic, args...),
		})
	}
	line("Lambda, workers", m.Runs*batches*seconds*worker, p.LambdaARM64, "%s x %.2f s x %.3f GB", each, seconds, worker)
	line("Lambda, Prepare and Report", m.Runs*clerks.Seconds()*clerk, p.LambdaARM64, "%.2f s x %.3f GB", clerks.Seconds(), clerk)
	line("Lambda, requests", m.Runs*(batches+2), p.LambdaRequest, "(%s + 2)", each)
	line("Step Functions, transitions", m.Runs*(checkStates+batches), p.Transition, "(%d states + %s)", checkStates, each)
	line("Step Functions, EXPRESS children", m.Runs*batches, p.ExpressRequest, "%s", each)
	line("Step Functions, EXPRESS duration", m.Runs*batches*express*checkExpressGB, p.ExpressDuration, "%s x %.1f s x %v GB", each, express, checkExpressGB)
	line("S3, PUT", m.Runs*(checkPuts+checkBatchPuts*batches), p.S3Put, "(%d objects + %s)", checkPuts, each)
	line("S3, LIST", m.Runs*checkLists, p.S3List, "%d listings", checkLists)
	line("S3, GET", m.Runs*(checkGets+checkBatchGets*batches), p.S3Get, "(%d objects + %d for each of %s)", checkGets, checkBatchGets, each)
	return m, nil
}

// warnings say what cannot be as it was asked.
func (c Checks) warnings(m ChecksMonth) []string {
	list := []string{}
	if c.Count > mostChecksInBatch && c.BatchSize > mostChecksInBatch {
		list = append(list, fmt.Sprintf("A batch would hold about %s lines instead of %s: its input is bounded in bytes, and full with so many.", look.Count(mostChecksInBatch), look.Count(c.BatchSize)))
	}
	if m.Batch.Total > longestBatchOfChecks {
		list = append(list, fmt.Sprintf("A batch would take about %v, and has %v: its last lines would be NoTime. Take smaller batches.", m.Batch.Total.Round(time.Second), longestBatchOfChecks))
	}
	if m.Run > c.Every {
		list = append(list, fmt.Sprintf("A run would take about %v, and one that is started while another is at work on the file ends at once: ask for more maxConcurrency, or run less often.", m.Run.Round(time.Second)))
	}
	return list
}

// round drops what is not printed, so that a line's arithmetic comes to its quantity.
func round(x, parts float64) float64 { return math.Round(x*parts) / parts }

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return look.Count(n) + " " + many
}
