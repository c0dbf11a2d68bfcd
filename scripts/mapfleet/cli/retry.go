package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/statemachine/asl"
)

// retryCommand holds the flags of "mapfleet retry"; those that it shares with a local run are in folders,
// those of a deployed mapfleet in remote.
type retryCommand struct {
	folders localResize
	remote  remote
	how     string
	watch   bool
}

func newRetry(stdout, stderr io.Writer) *cobra.Command {
	r := &retryCommand{folders: localResize{command: "mapfleet retry", input: "{}", stdout: stdout, stderr: stderr},
		remote: remote{stdout: stdout, stderr: stderr}}
	c := &cobra.Command{
		Use:   "retry RUN [--in DIR --out DIR]",
		Short: "Run again what a run left undone",
		Long: `Run again what a run left undone. RUN is its name, or "last" for the one that started last. --in and --out
name the folders of a local run; without them it is one of a deployed mapfleet (--stack), or of
"mapfleet serve" (--endpoint-url), which is started there and goes on by itself: --watch follows it.

There are two ways, and the right one is chosen and said:
  redrive    A run that FAILED, TIMED_OUT or was ABORTED on its way goes on where it stopped, under its
             own name and with its own input: batches that succeeded are not run again, the others are,
             and what had not been listed is. So does a run whose process was killed. It is
             possible for 14 days.
  failures   A run that came to its end has its failures run again by a new run, with the same
             variants, overwrite and filter. Each one is tried; what fails still is judged beside all that
             the first run had listed, by the percentage that it tolerated.
If nothing is left to be done, that is said, and nothing is started: nothing failed, or a later run has made all
that did, by the same recipe. A run of checks (--job checks) can be redriven only: what its checks found is its
result, and a new run asks them again.

Exit status: 0 if the run SUCCEEDED or there was nothing to do, 1 if it did not, 2 for wrong usage. Of a
deployed mapfleet 0 if it was started, and with --watch as in "mapfleet watch".`,
		Example: `  mapfleet retry last --in photos --out small
  mapfleet retry run-20261121-101500-000 --in photos --out small --json
  mapfleet retry last --in photos --out small --how failures
  mapfleet retry last --stack mapfleet --watch`,
		Args: func(c *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return usagef("%s: the name of a run is missing; \"last\" is the one that started last\nRun '%s -h' for the flags.", c.CommandPath(), c.CommandPath())
			case len(args) > 1:
				return usagef("%s takes one run, but got %q too\nRun '%s -h' for the flags.", c.CommandPath(), args[1], c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: r.completeRuns,
		RunE:              r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.folders.in, "in", "", "`DIR` with the pictures, the one of the run; only read")
	flags.StringVar(&r.folders.out, "out", "", "`DIR` with the results, the one of the run")
	flags.StringVar(&r.folders.state, "state", "", "`DIR` of the runs' state (default OUT/.mapfleet)")
	flags.StringVar(&r.how, "how", "", "`WAY`, redrive or failures, instead of the one that fits")
	flags.IntVar(&r.folders.workers, "workers", 0, "worker processes at a time (default one for each processor)")
	flags.StringVar(&r.folders.functions, "functions", "", "`DIR` with the built functions (default: those beside this executable, as make dist builds them; else built from this module)")
	r.remote.addFlags(flags)
	r.remote.completeFlags(c)
	flags.BoolVar(&r.watch, "watch", false, "watch a run of a deployed mapfleet until it ends")
	flags.BoolVar(&r.folders.json, "json", false, "print one JSON object at the end instead of text")
	return c
}

// local says whether folders are meant. Both may not be.
func (r *retryCommand) local() (bool, error) {
	f := r.folders
	local := f.in != "" || f.out != "" || f.state != "" || f.workers != 0 || f.functions != ""
	if local && (r.remote.given() || r.watch) {
		return local, usagef("--in, --out, --state, --workers and --functions are of a local run, --stack, --endpoint-url and the like of a deployed mapfleet: name the ones or the others")
	}
	return local, nil
}

func (r *retryCommand) run(c *cobra.Command, args []string) error {
	if r.how != "" && r.how != howRedrive && r.how != howFailures {
		return usagef("--how: given %q, allowed %s or %s", r.how, howRedrive, howFailures)
	}
	local, err := r.local()
	if err != nil {
		return err
	}
	if !local {
		r.remote.json = r.folders.json
		return r.runRemote(c.Context(), args[0])
	}
	config, _, err := r.folders.config()
	if err != nil {
		return err
	}
	if err := engine.Settle(config.State); err != nil {
		return err
	}
	p, err := findPast(config, args[0])
	if err != nil {
		return err
	}
	choice, err := p.choose(r.how, time.Now())
	if err != nil {
		return err
	}
	said := retryReport{Of: p.name, How: choice.how, Why: choice.why}
	if choice.how == howNothing {
		return r.folders.sayNothingToRetry(said)
	}
	fmt.Fprintf(r.folders.stderr, "%s: %s\n", p.name, choice.why)
	if choice.how == howRedrive {
		return r.folders.carryOut(c.Context(), config, p.name, &said, func(ctx context.Context, e *engine.Engine, observe func(asl.Event)) (engine.Outcome, error) {
			return e.Redrive(ctx, p.name, observe)
		})
	}
	deployment, err := config.Deployment()
	if err != nil {
		return err
	}
	input, err := p.failuresInput(deployment)
	if err != nil {
		return err
	}
	said.stillFailing = p.judge(func(earlier *past) error { return earlier.readReport(config.State) }).stillFailing
	name := newRunName(time.Now())
	return r.folders.carryOut(c.Context(), config, name, &said, func(ctx context.Context, e *engine.Engine, observe func(asl.Event)) (engine.Outcome, error) {
		return e.Run(ctx, name, input, observe)
	})
}

// retryReport is what a retry says of itself in JSON.
type retryReport struct {
	Of  string `json:"of"`  // the run that was retried
	How string `json:"how"` // redrive, failures or nothing
	Why string `json:"why"`

	// stillFailing, if not nil, says what is wrong with a run that SUCCEEDED and has so many failures, or "".
	stillFailing func(failed int) string
}

func (r *localResize) sayNothingToRetry(said retryReport) error {
	var err error
	if r.json {
		err = json.NewEncoder(r.stdout).Encode(struct {
			Retry retryReport `json:"retry"`
		}{said})
	} else {
		_, err = fmt.Fprintf(r.stdout, "%s: %s\n", said.Of, said.Why)
	}
	if err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
