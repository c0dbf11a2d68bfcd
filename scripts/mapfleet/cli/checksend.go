package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/stack"
)

// remoteChecks is the report of a run of checks that another process made.
type remoteChecks struct {
	checksReport
	Execution string `json:"executionArn"`
	Console   string `json:"console,omitzero"`
}

// printChecksEnd is printEnd of a run of checks.
func (r *remote) printChecksEnd(ctx context.Context, s *stack.Stack, run stack.Run) (status string, err error) {
	took := run.Stopped.Sub(run.Started)
	report := remoteChecks{
		checksReport: checksReport{
			Run: run.Name, Status: run.Status, Error: run.Error, Cause: plainCause(run.Cause), Seconds: float64(took.Milliseconds()) / 1e3,
			ByCode: map[checks.Code]int{}, Latency: map[string]checks.Quantiles{},
		},
		Execution: run.ARN, Console: s.Console(run.ARN),
	}
	summary, missing := s.ChecksSummary(ctx, run.Name)
	switch {
	case missing == nil:
		report.count(*summary)
		report.Results, report.FailingLines, report.Report = summary.Output, summary.FailingLines, summary.Report
		report.open = func() (io.ReadCloser, error) { return s.ReportFile(ctx, run.Name, stack.FailingFile) }
		if published(*summary, run.Status, run.Error) {
			report.told = "told by " + s.Teller()
		}
	case errors.Is(missing, fs.ErrNotExist):
		missing = nil
		var plan checks.Plan
		_ = json.Unmarshal([]byte(run.Output), &plan) // of a run that had nothing to do; else there is none
		if report.Skip = plan.Skip; report.Skip == "" && run.Error == "" && run.Cause == "" {
			fmt.Fprintf(r.stderr, "%s has no report: %s is not there\n", run.Name, s.ReportURL(run.Name, stack.SummaryFile))
		}
	}
	if r.json {
		err = json.NewEncoder(r.stdout).Encode(report)
	} else if err = report.writeText(r.stdout); err == nil {
		err = r.printChecksNext(report)
	}
	if err == nil && missing != nil {
		return run.Status, unread{fmt.Errorf("the report of %s cannot be read: %w", run.Name, missing)}
	}
	return run.Status, err
}

// printChecksNext prints what can be done with a run of checks that is over.
func (r *remote) printChecksNext(report remoteChecks) error {
	var text string
	if open := r.opener(report.Run); report.Report != "" && open != "" {
		text += fmt.Sprintf("  open     %s\n", open)
	}
	if report.Status == stack.Aborted || report.Status == stack.TimedOut {
		text += fmt.Sprintf("  again    %s\n", r.command("retry", report.Run))
	}
	if report.Console != "" {
		text += fmt.Sprintf("  console  %s\n", report.Console)
	}
	_, err := io.WriteString(r.stdout, text)
	return err
}
