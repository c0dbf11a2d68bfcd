package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/stack"
	"mapfleet/statemachine"
	"mapfleet/statemachine/asl"
)

// runRemote retries a run of a deployed mapfleet.
func (r *retryCommand) runRemote(ctx context.Context, name string) error {
	s, run, err := r.remote.find(ctx, name)
	if err != nil {
		return err
	}
	if !run.Ended() {
		return fmt.Errorf("%s is %s: there is nothing to retry before its end; %s shows how far it is", run.Name, run.Status, r.remote.command("watch", run.Name))
	}
	if s.Checks() {
		return r.retryChecks(ctx, s, run)
	}
	p, err := remotePast(ctx, s, run)
	if err != nil {
		return err
	}
	choice, err := p.choose(r.how, time.Now())
	if err != nil {
		return err
	}
	said := &retryReport{Of: p.name, How: choice.how, Why: choice.why}
	if choice.how == howNothing {
		return r.folders.sayNothingToRetry(*said)
	}
	fmt.Fprintf(r.remote.stderr, "%s: %s\n", p.name, choice.why)
	if choice.how == howRedrive {
		if err := s.Redrive(ctx, run); err != nil {
			return err
		}
		run.Status = stack.Running
		return r.remote.started(ctx, s, run, newStarted(s, run, true, said), r.watch)
	}
	input, err := p.failuresInput(widest(s))
	if err != nil {
		return err
	}
	said.stillFailing = p.judge(func(earlier *past) error { return earlier.fetchReport(ctx, s) }).stillFailing
	again, fresh, err := s.Start(ctx, newRunName(time.Now()), input)
	if err != nil {
		return err
	}
	return r.remote.started(ctx, s, again, newStarted(s, again, fresh, said), r.watch)
}

// remotePast is what a stack knows of a run that is over.
func remotePast(ctx context.Context, s *stack.Stack, run stack.Run) (past, error) {
	p := past{
		name: run.Name, kept: true, remote: true,
		execution: executions.Execution{
			ARN: run.ARN, Name: run.Name, Status: run.Status, Start: run.Started, Stop: run.Stopped, Error: run.Error, Cause: run.Cause,
		},
	}
	if !run.Redrivable {
		p.refused = run.NotRedrivable
		if p.refused == "" {
			p.refused = "Step Functions says that it is not redrivable"
		}
	}
	if err := p.fetchReport(ctx, s); err != nil {
		return p, err
	}
	fails, err := failErrors(statemachine.Resize())
	if err != nil {
		return p, err
	}
	if fails[run.Error] {
		p.unfinished = []asl.Unfinished{{State: run.Error, Type: "Fail"}} // named by its error
	}
	if p.summary != nil && p.summary.Failed > 0 {
		p.again, err = p.retriedBy(ctx, s)
	}
	return p, err
}

// fetchReport is readReport of a run of a stack.
func (p *past) fetchReport(ctx context.Context, s *stack.Stack) (err error) {
	if p.planned, err = s.PlanJSON(ctx, p.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if p.summary, err = s.Summary(ctx, p.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return p.readPlan()
}

// failErrors are the errors of the Fail states that a state machine has: a redrive would only enter them again.
func failErrors(definition string) (map[string]bool, error) {
	var machine struct {
		States map[string]struct{ Type, Error string }
	}
	if err := json.Unmarshal([]byte(definition), &machine); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, state := range machine.States {
		if state.Type == "Fail" {
			names[state.Error] = true
		}
	}
	return names, nil
}

// laterRuns is how many of the latest runs are looked at for one that has retried another.
const laterRuns = 20

// retriedBy names the later run that has run all failures of p again by the same recipe, with success, if it is
// among the latest.
func (p past) retriedBy(ctx context.Context, s *stack.Stack) (string, error) {
	latest, err := s.Runs(ctx, stack.Succeeded, laterRuns)
	if err != nil {
		return "", err
	}
	for _, run := range latest {
		if !run.Started.After(p.execution.Start) {
			break
		}
		if run, err = s.Find(ctx, run.ARN); err != nil {
			return "", err
		}
		if !retries([]byte(run.Input), p.name) {
			continue
		}
		later := past{name: run.Name}
		if err := later.fetchReport(ctx, s); err == nil && p.mendedBy(later) {
			return run.Name, nil
		}
	}
	return "", nil
}
