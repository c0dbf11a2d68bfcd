package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/stack"
)

// startCommand holds the flags of "mapfleet start".
type startCommand struct {
	remote
	input, name string
	watch       bool
}

func newStart(stdout, stderr io.Writer) *cobra.Command {
	r := &startCommand{remote: remote{stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "start",
		Short: "Start a run of a deployed mapfleet",
		Long: `Start a run of a deployed mapfleet, or of "mapfleet serve" (--endpoint-url).

--input is the run input, as JSON or as the name of a file that holds it; {} by default, which is every
object under the deployment's prefix. It is checked before it is sent, as far as the deployment's own
limits are not needed; those the run itself checks first of all. {"dryRun":true} counts and
estimates only.

--job checks starts a run of checks; its run input is {"file":"s3://BUCKET/KEY"}, or {} for the deployment's
file.

A run goes on whether it is watched or not. --name, of 1 to 80 letters, digits, - and _, makes a start safe to
repeat: if there is a run of that name over the same input already, nothing is started, and that is said. A
name is free again 90 days after its run has ended, and each job has names of its own.

Exit status: 0 if the run was started, or had been before; with --watch as in "mapfleet watch". 1 if it could
not be, 2 for wrong usage.`,
		Example: `  mapfleet start
  mapfleet start --input '{"prefix":"2026/"}' --watch
  mapfleet start --job checks --input '{"file":"s3://my-lists/sites.csv"}' --watch
  mapfleet start --input nightly.json --name nightly-2026-11-21 --stack thumbs --json`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it")
	flags.StringVar(&r.name, "name", "", "`NAME` of the run: letters, digits, - and _ (default run- and the time)")
	flags.BoolVar(&r.watch, "watch", false, "watch the run until it ends")
	r.addFlags(flags)
	r.completeFlags(c)
	flags.BoolVar(&r.json, "json", false, "print one JSON object instead of text")
	return c
}

func (r *startCommand) run(c *cobra.Command, _ []string) error {
	ctx := c.Context()
	input, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return err
	}
	if r.name == "" {
		r.name = newRunName(time.Now())
	}
	if err := stack.CheckName(r.name); err != nil {
		return usagef("--name: %w", err)
	}
	if !json.Valid(input) { // before anything is asked of AWS
		return r.checkInput(input, &stack.Stack{StateMachine: "-" + cmp.Or(r.address.Job, stack.Resize)})
	}
	s, err := r.open(ctx)
	if err != nil {
		return err
	}
	if err := r.checkInput(input, s); err != nil {
		return err
	}
	run, fresh, err := s.Start(ctx, r.name, input)
	if err != nil {
		return err
	}
	return r.started(ctx, s, run, newStarted(s, run, fresh, nil), r.watch)
}

// started is what a start says of itself in JSON.
type started struct {
	Run       string       `json:"run"`
	Status    string       `json:"status"`
	Started   bool         `json:"started"` // false: there was such a run already
	StartDate time.Time    `json:"startDate"`
	Execution string       `json:"executionArn"`
	Console   string       `json:"console,omitzero"`
	Retry     *retryReport `json:"retry,omitzero"`
}

func newStarted(s *stack.Stack, run stack.Run, fresh bool, retry *retryReport) started {
	return started{run.Name, run.Status, fresh, run.Started, run.ARN, s.Console(run.ARN), retry}
}

// started says that a run was started, and watches it if that is wished.
func (r *remote) started(ctx context.Context, s *stack.Stack, run stack.Run, said started, watch bool) error {
	if err := r.sayStarted(said, run, watch); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	if !watch {
		return nil
	}
	return r.watch(ctx, s, run, said.Retry)
}

func (r *remote) sayStarted(said started, run stack.Run, watch bool) error {
	out := r.stdout
	switch {
	case watch: // the end is the result
		out = r.stderr
	case r.json:
		return json.NewEncoder(out).Encode(said)
	}
	how := "started"
	switch {
	case said.Retry != nil && said.Retry.How == howRedrive:
		how = "redriven"
	case !said.Started:
		how = fmt.Sprintf("was started already, on %s, and is %s", run.Started.Local().Format(time.DateTime), run.Status)
	}
	_, err := fmt.Fprintf(out, "%s %s\n", said.Run, how)
	if !watch {
		fmt.Fprintf(out, "  watch    %s\n  stop     %s\n", r.command("watch", said.Run), r.command("stop", said.Run))
	}
	if said.Console != "" {
		fmt.Fprintf(out, "  console  %s\n", said.Console)
	}
	return err
}
