package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/stack"
	"mapfleet/statemachine"
)

// retryChecks retries a run of checks that is over, if there is anything to retry: an answer that was not as
// expected is the result of a run, not a failure of it.
func (r *retryCommand) retryChecks(ctx context.Context, s *stack.Stack, run stack.Run) error {
	again := r.remote.command("start", "--input", shellQuote(startInput(run)))
	fails, err := failErrors(statemachine.Checks())
	if err != nil {
		return err
	}
	switch {
	case r.how == howFailures:
		return usagef("--how failures is of pictures: a check that failed is asked again by a new run over its file: %s", again)
	case run.Status == executions.Succeeded:
		return r.folders.sayNothingToRetry(retryReport{Of: run.Name, How: howNothing,
			Why: "nothing to retry: it SUCCEEDED, and what its checks found is its result. A new run asks them again: " + again})
	case fails[run.Error]:
		return fmt.Errorf("%s ended with %s, and a redrive would end the same way. A new run asks every line: %s", run.Name, run.Error, again)
	case !run.Redrivable:
		return fmt.Errorf("%s is %s, and cannot be redriven: %s. A new run asks every line: %s", run.Name, run.Status, run.NotRedrivable, again)
	}
	said := &retryReport{Of: run.Name, How: howRedrive, Why: fmt.Sprintf("it is %s, so it is redriven: batches that succeeded are not asked again, and what they found is as old as they are", run.Status)}
	fmt.Fprintf(r.remote.stderr, "%s: %s\n", run.Name, said.Why)
	if err := s.Redrive(ctx, run); err != nil {
		return err
	}
	run.Status = stack.Running
	return r.remote.started(ctx, s, run, newStarted(s, run, true, said), r.watch)
}

// startInput is the run's input on one line.
func startInput(run stack.Run) string {
	var input any
	if json.Unmarshal([]byte(run.Input), &input) != nil {
		return "{}"
	}
	line, err := json.Marshal(input)
	if err != nil {
		return "{}"
	}
	return string(line)
}
