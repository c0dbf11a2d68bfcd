package stack

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"mapfleet/statemachine/asl"
)

// Machines is the part of Step Functions that Watch asks.
type Machines interface {
	DescribeExecution(context.Context, *sfn.DescribeExecutionInput, ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error)
	ListMapRuns(context.Context, *sfn.ListMapRunsInput, ...func(*sfn.Options)) (*sfn.ListMapRunsOutput, error)
	DescribeMapRun(context.Context, *sfn.DescribeMapRunInput, ...func(*sfn.Options)) (*sfn.DescribeMapRunOutput, error)
}

// Sight is what is seen of a run at a moment. Of a run with many Map Runs, each is as old as a look at all
// the others takes.
type Sight struct {
	At      time.Time
	Run     Run
	MapRuns []asl.MapRun  // those that have been looked at, in the order in which they started
	Working time.Duration // of all batches together, so far, as the samples tell

	// Trouble, if not nil, kept this look from being taken: what is seen is as old as the last one. The
	// next is taken after Wait.
	Trouble error
	Wait    time.Duration
}

// How often is asked. Step Functions answers DescribeMapRun once a second in the long run
// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), to all who ask together.
const (
	lookEvery = time.Second
	listEvery = 5 * time.Second // for Map Runs beside those that are known; while none is, at every look
	// Of that many Map Runs the last state is looked at once the run has ended; of more the report tells.
	lastLooks = 3

	firstWait   = 2 * time.Second // after a look that failed, then twice as long each time
	longestWait = 30 * time.Second
)

// Watch looks at the execution of an ARN until it has ended, and tells see of each look, of one at a time.
// What may pass (throttling, a lost connection) is waited out, however long it takes, and seen as
// Trouble. The error is ctx's, or that of a call that would fail again; the Run is the last one seen.
func Watch(ctx context.Context, machines Machines, id string, see func(Sight)) (Run, error) {
	w := watcher{machines: machines, id: id}
	failures, ends := 0, 0
	for {
		w.sight.At = time.Now()
		err := w.look(ctx)
		wait := lookEvery - time.Since(w.sight.At)
		w.sight.Trouble, w.sight.Wait = nil, 0
		switch {
		case ctx.Err() != nil:
			return w.sight.Run, ctx.Err()
		case err != nil && !Passing(err):
			return w.sight.Run, err
		case err != nil:
			wait = backoff(failures)
			w.sight.Trouble, w.sight.Wait = err, wait
			failures++
		default:
			failures = 0
		}
		see(w.sight)
		if err == nil && w.sight.Run.Ended() {
			if left := w.unsettled(); left == 0 || left > lastLooks || ends >= lastLooks {
				return w.sight.Run, nil
			}
			ends++
		}
		if !sleep(ctx, wait) {
			return w.sight.Run, ctx.Err()
		}
	}
}

// backoff is how long to wait after so many failures in a row, with jitter: who lost their connection
// together do not come back together.
func backoff(failures int) time.Duration {
	longest := min(firstWait<<min(failures, 8), longestWait)
	return longest/2 + rand.N(longest/2)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
