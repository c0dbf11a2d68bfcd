package checks

// What a stack deploys for checks, and an estimate reckons with.
const (
	// StackBatchSize is how many lines a batch has, unless the run's input says otherwise. A batch costs a state
	// transition, and its slowest line, however many lines it has; so many start within 1.2 s.
	StackBatchSize = 500
	// StackMaxConcurrency is how many batches are at work at a time, unless a deployment or the input says otherwise.
	StackMaxConcurrency = 8
	// StackMemory is that of a worker in MB: one processor. Starting a request over TLS takes about as much of it as
	// there is until the next one starts; with less, what a handshake waits for the processor would be told as
	// the host's latency.
	StackMemory = 1769
)
