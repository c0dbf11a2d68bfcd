package estimate

import (
	"time"

	"mapfleet/functions/cost"
)

// Limits are the rates and ceilings that a fleet meets.
type Limits struct {
	// MaxConcurrency is how many batches may be at work at a time, by the run's own setting.
	MaxConcurrency int
	// AccountConcurrency is the account's quota of Lambda environments at work.
	AccountConcurrency int

	// NewEnvironments may be started at once, and as many again in each NewEnvironmentsEvery.
	NewEnvironments      int
	NewEnvironmentsEvery time.Duration
	ColdStart            time.Duration // of a new environment, before its first batch

	ListPage  time.Duration // for 1,000 keys; one page after the other
	ReadLine  time.Duration // for one line of a manifest
	Starts    float64       // child executions a second
	SetUp     time.Duration // from the start of the run to the first page
	Finish    time.Duration // from the end of the last batch to the end of the run
	GetsPuts  RequestRate   // of S3, per prefix
	Transient time.Duration // of a child execution beside its worker
}

// RequestRate is what S3 serves of one prefix before it answers 503, in requests a second.
type RequestRate struct{ Gets, Puts float64 }

// AWS returns the limits of an account with the default quotas; those that a dry run reckons with too are in
// package cost. The first four and the request rates are
// documented; the others are fitted to one published run over 8,088 pictures (batches of 100: 81
// invocations of 2.3 s on average, 8.4 s in all; batches of 10: 809 invocations of 0.43 s, at most 341 at
// a time), and predict other runs only as far as that one is typical.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
func AWS() Limits {
	return Limits{
		MaxConcurrency:       10_000,
		AccountConcurrency:   1000,
		NewEnvironments:      1000,
		NewEnvironmentsEvery: 10 * time.Second,
		GetsPuts:             RequestRate{Gets: cost.PrefixGets, Puts: cost.PrefixPuts},

		ColdStart: 150 * time.Millisecond,
		ListPage:  cost.ListPage,
		ReadLine:  50 * time.Microsecond,
		Starts:    cost.Starts,
		SetUp:     1500 * time.Millisecond,
		Finish:    1500 * time.Millisecond,
		Transient: 50 * time.Millisecond,
	}
}
