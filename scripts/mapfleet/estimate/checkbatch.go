package estimate

import (
	"time"

	"mapfleet/functions/check/batch"
)

const (
	// checkCPU is what a request over TLS, on a connection of its own, takes of a vCPU: 1.15 ms of one x86-64 core,
	// measured by make bench in November 2026 (the README says so too), doubled as all such rates are.
	checkCPU = 2 * 1150 * time.Microsecond
	// memoryOfCPU is the MB with one vCPU.
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
	memoryOfCPU = 1769
	// checkAround is before and after the requests of a batch: start, findings; assumed.
	checkAround = 250 * time.Millisecond
	// longestBatchOfChecks is how long all rounds of a batch may make requests.
	longestBatchOfChecks = 275 * time.Second
)

// What a batch's input may hold: checks.asl.json bounds it, and an item with a URL of 50 bytes and an id, beside
// the job, is about so long.
const (
	checkBatchBytes   = 98_304 // MaxInputBytesPerBatch
	checkJobBytes     = 300
	checkItemBytes    = 100
	mostChecksInBatch = (checkBatchBytes - checkJobBytes) / checkItemBytes
)

func (c Checks) batchSize() int { return min(c.BatchSize, mostChecksInBatch) }

// CheckBatch is where the time of one batch goes.
type CheckBatch struct {
	Lines int
	// AtATime is how many requests are under way at the most: as many as a worker has connections, or those that
	// it has for so few hosts.
	AtATime int
	// Between is from the start of a request to that of the next: the worker's pace, or the time that a processor
	// of this size needs for each.
	Between time.Duration
	// LastStart is until the last request starts: all the others have started one after the other, and all but
	// the last AtATime have been answered, each in the mean time.
	LastStart time.Duration
	// Total has the worst time of a request behind that, and what is around.
	Total time.Duration
}

// batch works out the time of a full batch.
func (c Checks) batch() CheckBatch {
	b := CheckBatch{Lines: min(c.batchSize(), c.Count), Between: batch.DefaultPace}
	b.AtATime = min(b.Lines, batch.DefaultConnections)
	if c.Hosts > 0 {
		b.AtATime = min(b.AtATime, batch.DefaultPerHost*c.Hosts)
	}
	b.Between = max(b.Between, checkCPU*memoryOfCPU/time.Duration(c.Memory))
	if c.Memory > memoryOfCPU {
		b.Between = max(batch.DefaultPace, checkCPU) // nobody has measured the use of a second one
	}
	b.LastStart = max(time.Duration(b.Lines-1)*b.Between, time.Duration(b.Lines-b.AtATime)*c.Mean/time.Duration(b.AtATime))
	b.Total = b.LastStart + c.Worst + checkAround
	return b
}
