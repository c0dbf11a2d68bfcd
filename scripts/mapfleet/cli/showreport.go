package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/stack"
)

// reportCommand holds the flags of "mapfleet report".
type reportCommand struct {
	remote
	save string
	open bool
}

func newReport(stdout, stderr io.Writer) *cobra.Command {
	r := &reportCommand{remote: remote{stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "report [RUN]",
		Short: "Show what became of a run",
		Long: `Show what became of a run: its counts, its first failures, and where its report lies. RUN is its name,
its ARN, or "last" (default) for the one that started last.

--save writes the files of the report into DIR/RUN: report.html, which needs nothing beside it,
summary.json, failures.jsonl with all failures, and plan.json. --open shows report.html in the browser.

Exit status: 0 if the report was shown, whatever it says, 1 if it could not be, 2 for wrong usage.`,
		Example: `  mapfleet report
  mapfleet report run-20261121-101500-000 --save reports
  mapfleet report last --stack thumbs --json`,
		Args:              oneRun,
		ValidArgsFunction: r.completeRuns,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.save, "save", "", "`DIR` to save the report in")
	flags.BoolVar(&r.open, "open", false, "open the report in the browser")
	r.addFlags(flags)
	flags.BoolVar(&r.json, "json", false, "print one JSON object, with all failures, instead of text")
	return c
}

func (r *reportCommand) run(c *cobra.Command, args []string) error {
	ctx := c.Context()
	s, run, err := r.find(ctx, runOrLast(args))
	if err != nil {
		return err
	}
	if !run.Ended() {
		return fmt.Errorf("%s is %s, and its report is made at its end: %s shows how far it is", run.Name, run.Status, r.command("watch", run.Name))
	}
	if _, err := r.printEnd(ctx, s, run, nil); err != nil {
		return err
	}
	if r.save == "" && !r.open {
		return nil
	}
	return r.keep(ctx, s, run)
}

// printEnd prints what became of a run, and returns the status that it comes to.
func (r *remote) printEnd(ctx context.Context, s *stack.Stack, run stack.Run, retry *retryReport) (status string, err error) {
	print := func(err error) (string, error) {
		if err != nil {
			err = fmt.Errorf("print the result: %w", err)
		}
		return status, err
	}
	status = run.Status
	plan, err := s.Estimate(ctx, run.Name)
	if err == nil && plan.Estimate != nil {
		dry := newDryRun(run.Name, *plan, run.Stopped.Sub(run.Started))
		if dry.remote = !s.Local(); r.json {
			return print(dry.writeJSON(r.stdout))
		}
		return print(dry.writeText(r.stdout))
	}
	report, err := r.reportOf(ctx, s, run)
	if err != nil {
		return status, err
	}
	report.localReport = report.of(retry)
	status = report.Status
	if r.json {
		return print(report.writeAs(r.stdout, report))
	}
	p := place{again: r.command("retry", run.Name), console: report.Console}
	if s.Destination != "" {
		p.results = "s3://" + s.Destination
	}
	return print(report.writeText(r.stdout, p))
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
			IgnoredBy: map[string]int{}, FailedBy: map[string]int{}, far: true,
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

// keep saves the report, and opens it if that is wished.
func (r *reportCommand) keep(ctx context.Context, s *stack.Stack, run stack.Run) error {
	dir, err := filepath.Join(r.save, run.Name), error(nil)
	if r.save == "" {
		if dir, err = os.MkdirTemp("", "mapfleet-"+run.Name+"-*"); err != nil { // left to the browser
			return err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	saved := 0
	for _, file := range stack.ReportFiles() {
		if r.save == "" && file != stack.PageFile {
			continue
		}
		err := saveReport(ctx, s, run.Name, file, dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		saved++
	}
	page := filepath.Join(dir, stack.PageFile)
	if _, err := os.Stat(page); err != nil && r.open {
		return fmt.Errorf("%s has no %s to open", run.Name, stack.PageFile)
	}
	if r.save != "" {
		fmt.Fprintf(r.stderr, "%s saved in %s\n", counted(saved, "file", "files"), dir)
	}
	if !r.open {
		return nil
	}
	return openInBrowser(ctx, page)
}

func saveReport(ctx context.Context, s *stack.Stack, run, file, dir string) (err error) {
	body, err := s.ReportFile(ctx, run, file)
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := newWholeFile(filepath.Join(dir, file))
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.discard()
		}
	}()
	if _, err := io.Copy(f, body); err != nil {
		return s.Explain(err)
	}
	return f.commit()
}

// openInBrowser hands a file to the program that the system has for such.
func openInBrowser(ctx context.Context, path string) error {
	command := []string{"xdg-open"}
	switch runtime.GOOS {
	case "darwin":
		command = []string{"open"}
	case "windows":
		command = []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	if out, err := exec.CommandContext(ctx, command[0], append(command[1:], path)...).CombinedOutput(); err != nil {
		return fmt.Errorf("open %s by %s: %w %s", path, command[0], err, out)
	}
	return nil
}
