package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// Outcome is what became of an execution.
type Outcome struct {
	Run          string
	Status       string // SUCCEEDED, FAILED, TIMED_OUT or ABORTED
	Error        string
	Cause        string
	RedriveCount int
	Output       json.RawMessage // of a run that SUCCEEDED
	Summary      *job.Summary    // of the job Resize; nil if the run ended before there was anything to report
	Checks       *checks.Summary // of the job Checks, likewise
	MapItems     int64           // items that the Map Runs counted
	Report       string          // file; empty without a report
	Failures     string          // file of job.Failure lines, of checks of lines that are not OK; empty without a report
}

// Run runs one execution of the engine's first job, under a name that none has had in the State folder.
// observe may be nil; it is called from many goroutines. An error says that the engine itself
// failed; a run that failed is an Outcome.
func (e *Engine) Run(ctx context.Context, name string, input json.RawMessage, observe func(asl.Event)) (Outcome, error) {
	b, err := e.Begin(e.config.jobs()[0], name, input)
	if err != nil {
		return Outcome{}, err
	}
	return b.Run(ctx, observe)
}

// Run carries the execution out, keeps what becomes of it, and reports it. It is called once. Where ctx ends
// with a Stopped as its cause, the execution is ABORTED by it.
func (b *Begun) Run(ctx context.Context, observe func(asl.Event)) (Outcome, error) {
	e, x := b.engine, b.Execution
	defer b.close()
	record, err := e.executions.Record(x.Key())
	if err != nil {
		return Outcome{}, err
	}
	earlier, err := e.executions.MapRuns(x.Key())
	if err != nil {
		return Outcome{}, errors.Join(err, record.Close())
	}
	items := newItemCount(earlier)
	output, failed := b.run(ctx, asl.Execution{
		ID: x.ARN, Name: x.Name, StateMachineID: x.StateMachine, StateMachineName: b.job.machineName(),
		StartTime: x.Start, Input: x.Input,
		RedriveCount: x.RedriveCount, RedriveTime: x.RedriveDate,
		Tasks: tasks{e.fleet, e.config.State}, Objects: e.storage, Journal: record.Journal,
		Observe: func(ev asl.Event) {
			if by, ok := errors.AsType[*Stopped](context.Cause(ctx)); ok && ev.Kind == asl.ExecutionAborted && ev.MapRunARN == "" {
				ev.Error, ev.Cause = by.Name, by.Cause
			}
			record.Observe(ev)
			items.observe(ev)
			if observe != nil {
				observe(ev)
			}
		},
	})
	x.Status, x.Error, x.Cause = verdict(failed)
	x.Stop = time.Now()
	if failed == nil {
		if x.Output, err = json.Marshal(output); err == nil {
			err = record.Journal.Delete() // a run that SUCCEEDED is not redriven
		}
	}
	if err := errors.Join(err, e.executions.Update(x), record.Close()); err != nil {
		return Outcome{}, fmt.Errorf("keep execution %s, which %s: %w", x.Name, x.Status, err)
	}
	b.close()
	outcome := Outcome{Run: x.Name, Status: x.Status, Error: x.Error, Cause: x.Cause, RedriveCount: x.RedriveCount, Output: x.Output, MapItems: items.total()}
	err = e.ensureReport(ctx, b.job, &outcome)
	return outcome, err
}

// verdict is how an execution ended.
func verdict(err error) (status, name, cause string) {
	if err == nil {
		return executions.Succeeded, "", ""
	}
	failed, ok := errors.AsType[*asl.Error](err)
	by, stopped := errors.AsType[*Stopped](err)
	switch {
	case stopped:
		return executions.Aborted, by.Name, by.Cause
	case !ok:
		return executions.Aborted, "", err.Error()
	case asl.TimedOut(err):
		return executions.TimedOut, failed.Name, failed.Cause
	}
	return executions.Failed, failed.Name, failed.Cause
}

// reportTime is how long the report of a run that was stopped may take.
const reportTime = time.Minute

// ensureReport reads the run's summary. Where the state machine did not come as far as its Report
// state, it calls the Report function, as the status-change rule of a stack does.
func (e *Engine) ensureReport(ctx context.Context, j Job, o *Outcome) error {
	summary := e.storage.Path(j.reportKey(o.Run, "summary.json"))
	if _, err := os.Stat(e.storage.Path(j.reportKey(o.Run, "plan.json"))); err != nil {
		if o.MapItems > 0 {
			return fmt.Errorf("report run %s: its plan, made before its Map Runs, cannot be read: %w", o.Run, err)
		}
		return nil // refused before there was a plan: there is nothing to report
	}
	if _, err := os.Stat(summary); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), reportTime)
		defer cancel()
		event, err := json.Marshal(job.Ended{Run: o.Run, Status: o.Status, Error: o.Error, Cause: o.Cause})
		if err != nil {
			return err
		}
		if _, err := e.fleet.Invoke(ctx, j.reporter(), event); err != nil {
			return fmt.Errorf("report run %s: %w", o.Run, err)
		}
	}
	data, err := os.ReadFile(summary)
	if err != nil {
		return fmt.Errorf("report run %s: %w", o.Run, err)
	}
	if err := o.readSummary(j, data); err != nil {
		return fmt.Errorf("report run %s: read %s: %w", o.Run, summary, err)
	}
	o.Report = e.storage.Path(j.reportKey(o.Run, "report.html"))
	o.Failures = e.storage.Path(j.reportKey(o.Run, j.failures()))
	return nil
}
