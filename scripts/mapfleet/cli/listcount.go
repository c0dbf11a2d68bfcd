package cli

import (
	"context"
	"errors"
	"io/fs"

	"mapfleet/scripts/mapfleet/stack"
)

// count reads the numbers of items from the report.
func (l *listedRun) count(ctx context.Context, s *stack.Stack) error {
	if s.Checks() {
		return l.countChecks(ctx, s)
	}
	summary, err := s.Summary(ctx, l.Run)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // of a dry run, or one that was refused
	}
	if err != nil {
		return err
	}
	items := summary.Listed + summary.NotStarted
	l.Items, l.Failed = &items, &summary.Failed
	l.about = count(items)
	if summary.Failed > 0 {
		l.about += ", " + count(summary.Failed) + " failed"
	}
	if summary.NotStarted > 0 {
		l.about += ", " + count(summary.NotStarted) + " not finished"
	}
	return nil
}

// countChecks is count of a run of checks. What is not as expected, or not known, counts as failed.
func (l *listedRun) countChecks(ctx context.Context, s *stack.Stack) error {
	summary, err := s.ChecksSummary(ctx, l.Run)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // of one that was refused, or had nothing to do
	}
	if err != nil {
		return err
	}
	failed := summary.Lines - summary.OK
	l.Items, l.Failed = &summary.Lines, &failed
	l.about = count(summary.Lines)
	for _, part := range []struct {
		n    int
		what string
	}{{summary.Failing, "failing"}, {summary.Bad, "bad"}, {summary.NotDone, "not done"}} {
		if part.n > 0 {
			l.about += ", " + count(part.n) + " " + part.what
		}
	}
	return nil
}
