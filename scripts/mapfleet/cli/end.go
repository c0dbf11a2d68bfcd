package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"mapfleet/scripts/mapfleet/stack"
)

// unread says that a report could not be read. What is known without it has been printed.
type unread struct{ error }

func (e unread) Unwrap() error { return e.error }

// printEnd prints what became of a run, and returns the status that it comes to. The error is unread if there is
// no more than that.
func (r *remote) printEnd(ctx context.Context, s *stack.Stack, run stack.Run, retry *retryReport) (status string, err error) {
	print := func(err error) (string, error) {
		if err != nil {
			err = fmt.Errorf("print the result: %w", err)
		}
		return status, err
	}
	status = run.Status
	if s.Checks() {
		status, err = r.printChecksEnd(ctx, s, run)
		if _, ok := errors.AsType[unread](err); ok {
			return status, err
		}
		return print(err)
	}
	plan, err := s.Estimate(ctx, run.Name)
	if err == nil && plan.Estimate != nil {
		dry := newDryRun(run.Name, *plan, run.Stopped.Sub(run.Started))
		if dry.remote = !s.Local(); r.json {
			return print(dry.writeJSON(r.stdout))
		}
		return print(dry.writeText(r.stdout))
	}
	report, missing := r.reportOf(ctx, s, run)
	report.localReport = report.of(retry)
	status = report.Status
	if r.json {
		err = report.writeAs(r.stdout, report)
	} else {
		err = report.writeText(r.stdout, r.placeOf(s, report))
	}
	if err == nil && missing != nil {
		return status, unread{fmt.Errorf("the report of %s cannot be read: %w", run.Name, missing)}
	}
	return print(err)
}

func (r *remote) placeOf(s *stack.Stack, report remoteReport) place {
	p := place{again: r.command("retry", report.Run), console: report.Console, open: r.opener(report.Run)}
	if s.Destination != "" {
		p.results = "s3://" + s.Destination
	}
	return p
}

// opener is the command that shows the report of a run, which lies in S3; "" where it is shown at once.
func (r *remote) opener(run string) string {
	if r.opens {
		return ""
	}
	return r.command("report", run, "--open")
}

// remoteReport is the report of a run that another process made.
type remoteReport struct {
	localReport
	Execution string `json:"executionArn"`
	Console   string `json:"console,omitzero"`
}

func (r *remote) reportOf(ctx context.Context, s *stack.Stack, run stack.Run) (remoteReport, error) {
	took := run.Stopped.Sub(run.Started)
	report := remoteReport{
		localReport: localReport{
			Run: run.Name, Status: run.Status, Error: run.Error, Cause: plainCause(run.Cause),
			Seconds: float64(took.Milliseconds()) / 1e3, RedriveCount: run.Redrives,
			IgnoredBy: map[string]int{}, FailedBy: map[string]int{}, far: true, redriven: run.Redrives > 0,
		},
		Execution: run.ARN, Console: s.Console(run.ARN),
	}
	summary, err := s.Summary(ctx, run.Name)
	if errors.Is(err, fs.ErrNotExist) {
		if run.Status == stack.Succeeded || run.Error == "" && run.Cause == "" {
			fmt.Fprintf(r.stderr, "%s has no report: %s is not there\n", run.Name, s.ReportURL(run.Name, stack.SummaryFile))
		}
		return report, nil
	}
	if err != nil {
		return report, err
	}
	report.count(*summary)
	report.Report = s.ReportURL(run.Name, stack.PageFile)
	report.failures = s.ReportURL(run.Name, stack.FailuresFile)
	report.localReport.open = func() (io.ReadCloser, error) { return s.ReportFile(ctx, run.Name, stack.FailuresFile) }
	return report, nil
}
