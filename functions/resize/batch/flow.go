package batch

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"
)

// errStalled says that a download brings nothing any more.
var errStalled = errors.New("the download stalled")

// flow reads a body, and cancels it if nothing comes for too long. The watch is to be stopped.
type flow struct {
	from  io.Reader
	stall time.Duration
	watch *time.Timer
}

func flowing(from io.Reader, stall time.Duration, cancel context.CancelCauseFunc) *flow {
	return &flow{from, stall, time.AfterFunc(stall, func() { cancel(errStalled) })}
}

// Read is io.Reader.
func (f *flow) Read(b []byte) (int, error) {
	n, err := f.from.Read(b)
	f.watch.Reset(f.stall)
	return n, err
}

// The waits before a download is tried again, with full jitter.
const (
	firstPause   = 50 * time.Millisecond
	longestPause = 2 * time.Second
)

func pause(ctx context.Context, try int) error {
	wait := time.NewTimer(rand.N(min(firstPause<<try, longestPause)))
	defer wait.Stop()
	select {
	case <-wait.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
