package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/stack"
)

// stopCommand holds the flags of "mapfleet stop".
type stopCommand struct {
	remote
	failure, cause string
}

func newStop(stdout, stderr io.Writer) *cobra.Command {
	r := &stopCommand{remote: remote{stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "stop RUN",
		Short: "Stop a run; it can be taken up again",
		Long: `Stop a run, without a question. RUN is its name, its ARN, or "last" for the one that started last.

What was written stays, and no picture is left half written. A report tells how far the run came, and
"mapfleet retry RUN" lets it go on from there within 14 days.

Exit status: 0 if the run is stopped, or had ended already, 1 if it cannot be stopped, 2 for wrong usage.`,
		Example: `  mapfleet stop last
  mapfleet stop run-20261121-101500-000 --error WrongRecipe --cause "800 px were meant, not 80"`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s: the name of a run is missing; \"last\" is the one that started last\nRun '%s -h' for the flags.", c.CommandPath(), c.CommandPath())
			}
			return oneRun(c, args)
		},
		ValidArgsFunction: r.completeRunning,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.failure, "error", "", "`NAME` of why, up to 256 characters")
	flags.StringVar(&r.cause, "cause", "", "`TEXT` of why, up to 32768 characters")
	r.addFlags(flags)
	r.completeFlags(c)
	flags.BoolVar(&r.json, "json", false, "print one JSON object instead of text")
	return c
}

// What Step Functions takes as the reason of a stop.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
const (
	maxError = 256
	maxCause = 32768
)

func (r *stopCommand) run(c *cobra.Command, args []string) error {
	for _, text := range []struct {
		flag, value string
		most        int
	}{{"--error", r.failure, maxError}, {"--cause", r.cause, maxCause}} {
		if n := len([]rune(text.value)); n > text.most {
			return usagef("%s: given %d characters, allowed up to %d", text.flag, n, text.most)
		}
	}
	s, run, err := r.find(c.Context(), args[0])
	if err != nil {
		return err
	}
	said := struct {
		Run       string `json:"run"`
		Status    string `json:"status"`
		Stopped   bool   `json:"stopped"` // false: it had ended already
		Execution string `json:"executionArn"`
	}{run.Name, run.Status, !run.Ended(), run.ARN}
	text := fmt.Sprintf("%s is %s already", run.Name, run.Status)
	if said.Stopped {
		if err := s.Stop(c.Context(), run, r.failure, r.cause); err != nil {
			return err
		}
		said.Status = stack.Aborted
		text = fmt.Sprintf("%s stopped\n  report   %s\n  go on    %s", run.Name, r.command("report", run.Name), r.command("retry", run.Name))
	}
	if r.json {
		err = json.NewEncoder(r.stdout).Encode(said)
	} else {
		_, err = fmt.Fprintln(r.stdout, text)
	}
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
