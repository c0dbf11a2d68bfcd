package audit

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// What may be over in a moment is tried again, on top of the client's own tries: an audit of hours must
// not end by one bad minute.
const (
	attempts    = 10
	firstWait   = 250 * time.Millisecond
	longestWait = 15 * time.Second
)

// try makes one call until it succeeds, fails for good, or has been tried often enough.
func try(ctx context.Context, call, bucket, key string, do func() error) error {
	for attempt, most := 1, firstWait; ; attempt, most = attempt+1, min(2*most, longestWait) {
		err := do()
		named := fault.Of(call, bucket, key, err)
		if attempt == attempts || !passes(named, err) {
			return ForPerson(named)
		}
		wait := time.NewTimer(most/2 + rand.N(most/2))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
	}
}

// ForPerson words a denied call, as package fault names it, for the person whose credentials were used:
// it is no function that asks. Other errors stay as they are.
func ForPerson(err error) error {
	if denied, ok := err.(job.AccessDenied); ok {
		return job.AccessDenied{Message: strings.Replace(denied.Message, "the function's role needs", "your credentials need", 1)}
	}
	return err
}

// passes says whether a call may succeed when it is made again.
func passes(named, err error) bool {
	switch named.(type) {
	case job.Throttled:
		return true
	case job.Unavailable:
	default:
		return false
	}
	_, unsent := errors.AsType[*smithyhttp.RequestSendError](err)
	_, broken := errors.AsType[net.Error](err)
	return unsent || broken || errors.Is(err, io.ErrUnexpectedEOF) || status(err) >= http.StatusInternalServerError || status(err) == http.StatusRequestTimeout
}

// status is the HTTP status of an answer; 0 if there was none.
func status(err error) int {
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}
