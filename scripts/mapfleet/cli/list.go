package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"mapfleet/scripts/mapfleet/stack"
)

// listCommand holds the flags of "mapfleet list".
type listCommand struct {
	remote
	status string
	limit  int
}

var listStatuses = []string{stack.Running, stack.Succeeded, stack.Failed, stack.TimedOut, stack.Aborted}

func newList(stdout, stderr io.Writer) *cobra.Command {
	r := &listCommand{remote: remote{stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "list",
		Short: "List the runs of a deployed mapfleet",
		Long: `List the runs of a deployed mapfleet, those that started last first. The numbers of items are taken from
the reports, which stay but for those of checks; Step Functions itself forgets a run 90 days after its end.

Exit status: 0 if the runs were listed, 1 if they could not be, 2 for wrong usage.`,
		Example: `  mapfleet list
  mapfleet list --status FAILED --limit 100 --json`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.status, "status", "", "`STATUS` of the runs: "+strings.Join(listStatuses, ", ")+" (default all)")
	flags.IntVar(&r.limit, "limit", 20, "`NUMBER` of runs at most")
	r.addFlags(flags)
	r.completeFlags(c)
	flags.BoolVar(&r.json, "json", false, "print one JSON object instead of text")
	_ = c.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(listStatuses, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// listedRun is a run as the list tells of it.
type listedRun struct {
	Run     string    `json:"run"`
	Status  string    `json:"status"`
	Started time.Time `json:"started"`
	Stopped time.Time `json:"stopped,omitzero"`
	Seconds float64   `json:"seconds"` // so far, of one that runs
	Redrive int       `json:"redriveCount"`
	Items   *int      `json:"items"`  // null where no report tells
	Failed  *int      `json:"failed"` // of them

	about string // the items in words
}

func (r *listCommand) run(c *cobra.Command, _ []string) error {
	ctx := c.Context()
	r.status = strings.ToUpper(r.status)
	if r.status != "" && !slices.Contains(listStatuses, r.status) {
		return usagef("--status: given %q, allowed %s", r.status, strings.Join(listStatuses, ", "))
	}
	if r.limit < 1 || r.limit > 10000 {
		return usagef("--limit: given %d, allowed 1 to 10000", r.limit)
	}
	s, err := r.open(ctx)
	if err != nil {
		return err
	}
	runs, err := s.Runs(ctx, r.status, r.limit)
	if err != nil {
		return err
	}
	listed, err := describeRuns(ctx, s, runs, time.Now())
	if err != nil {
		fmt.Fprintf(r.stderr, "the numbers of items are not known: %v\n", err)
	}
	if r.json {
		err = json.NewEncoder(r.stdout).Encode(struct {
			Runs []listedRun `json:"runs"`
		}{listed})
	} else {
		err = r.writeTable(listed)
	}
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// summariesAtOnce is how many reports are read at a time.
const summariesAtOnce = 8

// describeRuns adds what reports tell of runs. The error is one for which none could be read; the runs
// are whole without them.
func describeRuns(ctx context.Context, s *stack.Stack, runs []stack.Run, now time.Time) ([]listedRun, error) {
	listed := make([]listedRun, len(runs))
	reads, ctx := errgroup.WithContext(ctx)
	reads.SetLimit(summariesAtOnce)
	for i, run := range runs {
		stopped := run.Stopped
		if !run.Ended() {
			stopped = now
		}
		listed[i] = listedRun{
			Run: run.Name, Status: run.Status, Started: run.Started, Stopped: run.Stopped,
			Seconds: float64(stopped.Sub(run.Started).Milliseconds()) / 1e3, Redrive: run.Redrives, about: "-",
		}
		if run.Ended() {
			reads.Go(func() error { return listed[i].count(ctx, s) })
		}
	}
	return listed, reads.Wait()
}

func (r *listCommand) writeTable(listed []listedRun) error {
	if len(listed) == 0 {
		text := fmt.Sprintf("no runs; \"%s\" starts one", r.command("start"))
		if r.status != "" {
			text = fmt.Sprintf("no run is %s; \"%s\" lists all", r.status, r.command("list"))
		}
		_, err := fmt.Fprintln(r.stdout, text)
		return err
	}
	table := tabwriter.NewWriter(r.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RUN\tSTATUS\tSTARTED\tTOOK\tITEMS")
	for _, l := range listed {
		took := time.Duration(l.Seconds * float64(time.Second)).Round(time.Second / 10)
		if took > time.Minute {
			took = took.Round(time.Second)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%v\t%s\n", l.Run, l.Status, l.Started.Local().Format(time.DateTime), took, l.about)
	}
	return table.Flush()
}
