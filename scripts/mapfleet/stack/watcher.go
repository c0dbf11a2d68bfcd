package stack

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"mapfleet/statemachine/asl"
)

// watcher takes the looks of one Watch.
type watcher struct {
	machines Machines
	id       string
	sight    Sight

	listed time.Time        // when the Map Runs were listed
	arns   []string         // of all Map Runs
	next   int              // whose turn it is
	seen   map[string]*seen // by ARN
}

// seen is what is known of a Map Run.
type seen struct {
	asl.MapRun
	looked, grown time.Time // last look, and the last that saw more items than the one before
}

// once keeps the client from asking again by itself: its retries would not be paced.
func once(o *sfn.Options) { o.Retryer = aws.NopRetryer{} }

// look asks once for the run, for one of its Map Runs and for their list: now and then, at every look while there
// is none.
func (w *watcher) look(ctx context.Context) error {
	run, err := describe(ctx, w.machines, w.id, once)
	if err != nil {
		return err
	}
	w.sight.Run = run
	if now := time.Now(); len(w.arns) == 0 || now.Sub(w.listed) >= listEvery || run.Ended() {
		if err := w.list(ctx); err != nil {
			return err
		}
		w.listed = now
	}
	return w.lookAtNext(ctx)
}

func (w *watcher) list(ctx context.Context) error {
	var arns []string
	for in := (&sfn.ListMapRunsInput{ExecutionArn: &w.id}); ; {
		page, err := w.machines.ListMapRuns(ctx, in, once)
		if err != nil {
			return err
		}
		for _, r := range page.MapRuns {
			arns = append(arns, aws.ToString(r.MapRunArn))
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			break
		}
	}
	w.arns = arns
	return nil
}

// lookAtNext looks at the next Map Run that may have changed since it was looked at.
func (w *watcher) lookAtNext(ctx context.Context) error {
	for range w.arns {
		arn := w.arns[w.next%len(w.arns)]
		if w.settled(arn) {
			w.next++
			continue
		}
		out, err := w.machines.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: &arn}, once)
		if err != nil {
			return err // it keeps its turn
		}
		w.next++
		w.take(mapRun(out))
		return nil
	}
	return nil
}

// settled says whether a Map Run was seen at its end, that of the last redrive.
func (w *watcher) settled(arn string) bool {
	m, ok := w.seen[arn]
	switch {
	case !ok || m.Status == Running:
		return false
	case m.Status == Succeeded:
		return true
	}
	return m.Stop.After(w.sight.Run.Redriven)
}

// unsettled is how many Map Runs may have changed since they were looked at.
func (w *watcher) unsettled() (n int) {
	for _, arn := range w.arns {
		if !w.settled(arn) {
			n++
		}
	}
	return n
}
