package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// reportCommand holds the flags of "mapfleet report".
type reportCommand struct {
	remote
	save string
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
	flags.BoolVar(&r.opens, "open", false, "open the report in the browser")
	r.addFlags(flags)
	r.completeFlags(c)
	flags.BoolVar(&r.json, "json", false, "print one JSON object, with all failures, instead of text")
	_ = c.MarkFlagDirname("save")
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
	if r.save == "" && !r.opens {
		return nil
	}
	return r.keep(ctx, s, run)
}
