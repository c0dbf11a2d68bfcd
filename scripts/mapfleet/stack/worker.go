package stack

import (
	"strconv"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
)

// Worker is the size of the Lambda that resizes, by which its time is charged.
type Worker struct {
	Memory       int // MB
	Architecture job.Architecture
}

// DefaultWorker is what a stack has unless it is configured otherwise.
func DefaultWorker() Worker { return Worker{Memory: 1769, Architecture: job.ARM64} }

// workerOf is what the outputs of a stack tell; the zero value of a stack that does not.
func workerOf(outputs map[string]string) Worker {
	memory, err := strconv.Atoi(outputs[outputMemory])
	architecture := job.Architecture(outputs[outputArchitecture])
	if err != nil || memory <= 0 || architecture != job.ARM64 && architecture != job.X86 {
		return Worker{}
	}
	return Worker{memory, architecture}
}

// second is what a second of the worker costs, in US dollars.
func (w Worker) second(prices cost.Prices) float64 {
	price := prices.LambdaARM64
	if w.Architecture == job.X86 {
		price = prices.LambdaX86
	}
	return float64(w.Memory) / 1024 * price.USD
}
