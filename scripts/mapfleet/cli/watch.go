package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/stack"
)

func newWatch(stdout, stderr io.Writer) *cobra.Command {
	r := &remote{stdout: stdout, stderr: stderr}
	c := &cobra.Command{
		Use:   "watch [RUN]",
		Short: "Show how far a run is, until it ends",
		Long: `Show how far a run is, until it ends. RUN is its name, its ARN, or "last" (default) for the one that
started last.

Step Functions tells once a second how far one Map Run is, so that the picture of a run with many parts
(shardBy) is as many seconds old. A plus behind the number of items says that it still grows, or did when
the run was stopped, or that a part is yet to come: there is no time left to be told then. Items that
fail one by one are counted by the report at the end; until then only batches that failed as a
whole are known. What is "about" spent is an estimate, not a bill: prices of us-east-1, the worker's size
as the stack's outputs tell it, and the time of batches as far as it was seen. Of a stack that was deployed
before it told, or with --state-machine, the size is taken for the default, and that is said: "at 1,769 MB".

A connection that is lost is taken up again. Ctrl-C ends the watch and leaves the run going.

Exit status: 0 if the run SUCCEEDED, 1 if it did not or cannot be watched, 2 for wrong usage, 3 if the watch was
ended and the run goes on.`,
		Example: `  mapfleet watch
  mapfleet watch run-20261121-101500-000 --stack thumbs
  mapfleet watch --endpoint-url http://127.0.0.1:8080 --json`,
		Args:              oneRun,
		ValidArgsFunction: r.completeRuns,
		RunE: func(c *cobra.Command, args []string) error {
			s, run, err := r.find(c.Context(), runOrLast(args))
			if err != nil {
				return err
			}
			return r.watch(c.Context(), s, run, nil)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	r.addFlags(flags)
	r.completeFlags(c)
	flags.BoolVar(&r.json, "json", false, "print one JSON object at the end instead of text")
	return c
}

// errLeft is returned when a watch was ended before its run, and that has been said.
var errLeft = errors.New("the run goes on")

// watch follows a run to its end and prints what became of it.
func (r *remote) watch(ctx context.Context, s *stack.Stack, run stack.Run, retry *retryReport) error {
	if !run.Ended() {
		bar := newWatchBar(ctx, r.stderr, s, run.Name)
		last, err := stack.Watch(ctx, s.Machines, run.ARN, bar.see)
		bar.end()
		switch {
		case ctx.Err() != nil:
			fmt.Fprintf(r.stderr, "%s goes on. %s shows it again, %s ends it.\n", run.Name, r.command("watch", run.Name), r.command("stop", run.Name))
			return errLeft
		case err != nil:
			return fmt.Errorf("%w\n%s goes on; %s shows it again", s.Explain(err), run.Name, r.command("watch", run.Name))
		}
		run = last
	}
	if !r.awaitReport(ctx, s, run) {
		fmt.Fprintf(r.stderr, "%s %s. %s shows its report, once it is made.\n", run.Name, run.Status, r.command("report", run.Name))
		return errRunFailed
	}
	status, err := r.printEnd(ctx, s, run, retry)
	if _, ok := errors.AsType[unread](err); ok { // the run's end counts
		fmt.Fprintf(r.stderr, "mapfleet: %v\n", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if status != stack.Succeeded {
		return errRunFailed
	}
	return nil
}

// The report of a run that failed or was stopped is made after its end.
const (
	reportTime  = 30 * time.Second // at most
	reportEvery = 2 * time.Second
	reportLate  = 5 * time.Minute // after the run's end nobody waits any more
)

// awaitReport waits for the report of a run that ended unhappily a moment ago. It says whether nobody ended
// the wait. Of a run whose server was killed none is made.
func (r *remote) awaitReport(ctx context.Context, s *stack.Stack, run stack.Run) bool {
	if run.Status == stack.Succeeded || s.Work == "" || time.Since(run.Stopped) > reportLate || run.Cause == executions.Abandoned {
		return true
	}
	if err := s.Planned(ctx, run.Name); err != nil {
		return ctx.Err() == nil // refused before there was a plan: there is nothing to report
	}
	deadline := time.Now().Add(reportTime)
	for said := false; time.Now().Before(deadline); said = true {
		finished, err := s.Reported(ctx, run.Name)
		if err == nil && of(finished, run) || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return ctx.Err() == nil
		}
		if !said {
			fmt.Fprintf(r.stderr, "%s %s; its report is being made\n", run.Name, run.Status)
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(reportEvery):
		}
	}
	return true
}

// of says whether a report is of the run as it is, and not of it before a redrive.
func of(finished time.Time, run stack.Run) bool {
	return finished.After(run.Started) && !finished.Before(run.Redriven)
}
