package client

import (
	"errors"
	"io"
	"math/rand/v2"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// How often one call is tried, and the waits between. With full jitter they add up to six seconds on
// average, eleven where S3 throttles: well within one invocation. S3 makes room for a prefix within
// minutes; the state machine's own retries last as long.
const (
	attempts      = 8
	firstWait     = 100 * time.Millisecond
	throttledWait = 500 * time.Millisecond
	longestWait   = 5 * time.Second
)

// newRetryer is the SDK's standard retryer with four differences. Waits are never without jitter. What is
// retried is not rationed: the ration (and the rate of the adaptive mode) is meant for a client that
// nobody else retries for, and ends calls at the moment at which patience helps. An answer that breaks
// off is retried. A refused connection is not: there is no server, as where a local one has ended.
func newRetryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.Backoff = retry.BackoffDelayerFunc(wait)
		o.RateLimiter = ratelimit.None
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(connection)}, o.Retryables...)
	})
}

// wait is how long to wait before the attempt that follows attempt, which counts from 1.
func wait(attempt int, err error) (time.Duration, error) {
	first := firstWait
	if _, throttled := fault.Of("", "", "", err).(job.Throttled); throttled {
		first = throttledWait
	}
	return rand.N(min(first<<min(attempt-1, attempts), longestWait)), nil
}

// connection judges the errors of connections that the SDK would judge otherwise.
func connection(err error) aws.Ternary {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return aws.FalseTernary
	case errors.Is(err, io.ErrUnexpectedEOF):
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}
