package stack

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"mapfleet/statemachine/asl"
)

// grownFor is how long the number of items has to stand still before it is taken for their true number.
// DescribeMapRun does not tell whether items are still read; a page of a listing takes far less.
const grownFor = 3 * time.Second

// take puts a Map Run that was just looked at in the place of what was known of it.
func (w *watcher) take(now asl.MapRun) {
	at := w.sight.At
	before, known := w.seen[now.ARN]
	s := &seen{MapRun: now, looked: at, grown: at}
	if known {
		if now.Items.Total == before.Items.Total {
			s.grown = before.grown
		}
		w.sight.Working += working(before.Executions.Running, now.Executions.Running, at.Sub(before.looked))
	} else {
		if w.seen == nil {
			w.seen = map[string]*seen{}
		}
		w.sight.Working += unseen(now, at)
	}
	s.Listed = now.Status == Succeeded || at.Sub(s.grown) >= grownFor // one that is stopped may have been reading still
	w.seen[now.ARN] = s
	w.sight.MapRuns = w.all()
}

// all returns what is known of the Map Runs, in the order in which they started.
func (w *watcher) all() []asl.MapRun {
	runs := make([]asl.MapRun, 0, len(w.seen))
	for _, s := range w.seen {
		runs = append(runs, s.MapRun)
	}
	slices.SortFunc(runs, func(a, b asl.MapRun) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return strings.Compare(a.ARN, b.ARN)
	})
	return runs
}

// working is the time of batches between two looks, if their number changed evenly.
func working(before, now int64, between time.Duration) time.Duration {
	return time.Duration(float64(before+now) / 2 * float64(between))
}

// unseen is the time of batches before the first look, as if as many had been at work all the time as are
// now; of a Map Run that has ended, as many as were allowed.
func unseen(m asl.MapRun, at time.Time) time.Duration {
	batches := m.Executions.Running
	if m.Status != Running {
		at, batches = m.Stop, min(int64(m.MaxConcurrency), m.Executions.Total)
	}
	return time.Duration(batches) * max(at.Sub(m.Start), 0)
}

// mapRun is what DescribeMapRun tells, in the words of the interpreter.
func mapRun(out *sfn.DescribeMapRunOutput) asl.MapRun {
	m := asl.MapRun{
		ARN: aws.ToString(out.MapRunArn), Execution: aws.ToString(out.ExecutionArn), Label: label(aws.ToString(out.MapRunArn)),
		Status: string(out.Status), MaxConcurrency: int(out.MaxConcurrency),
		ToleratedFailureCount: out.ToleratedFailureCount, ToleratedFailurePercentage: float64(out.ToleratedFailurePercentage),
		Start: aws.ToTime(out.StartDate), Stop: aws.ToTime(out.StopDate),
		RedriveCount: int(aws.ToInt32(out.RedriveCount)), RedriveDate: aws.ToTime(out.RedriveDate),
	}
	if c := out.ItemCounts; c != nil {
		m.Items = counts(types.MapRunExecutionCounts(*c))
	}
	if c := out.ExecutionCounts; c != nil {
		m.Executions = counts(*c)
	}
	return m
}

func counts(c types.MapRunExecutionCounts) asl.Counts {
	return asl.Counts{
		Pending: c.Pending, Running: c.Running, Succeeded: c.Succeeded, Failed: c.Failed, TimedOut: c.TimedOut, Aborted: c.Aborted,
		Total: c.Total, ResultsWritten: c.ResultsWritten,
		FailuresNotRedrivable: aws.ToInt64(c.FailuresNotRedrivable), PendingRedrive: aws.ToInt64(c.PendingRedrive),
	}
}

// label is the one in mapRun:MACHINE/LABEL:uuid (A26 of package asl).
func label(arn string) string {
	_, rest, _ := strings.Cut(arn, "/")
	name, _, _ := strings.Cut(rest, ":")
	return name
}
