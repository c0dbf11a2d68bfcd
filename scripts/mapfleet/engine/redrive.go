package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// NotRedrivable says that an execution cannot be redriven.
type NotRedrivable struct{ Name, Reason string }

func (e NotRedrivable) Error() string { return fmt.Sprintf("redrive %s: %s", e.Name, e.Reason) }

// Executions returns the executions of a State folder.
func Executions(state string) executions.Folder {
	return executions.In(filepath.Join(state, "executions"))
}

// Settle sees to it that no execution of a State folder is left RUNNING by an engine that is gone. It is
// refused while an engine is at work there. A folder that does not exist is left so.
func Settle(state string) error {
	if _, err := os.Stat(state); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	lock, err := lockState(state)
	if err != nil {
		return err
	}
	return errors.Join(Executions(state).Tidy(time.Now()), lock.Close())
}

// Redrive goes on with an execution, by its key, that FAILED, TIMED_OUT or was ABORTED, by the definition and the
// input that it had: with the states, and the batches of the Map Runs, that had not succeeded. The
// error is a NotRedrivable where that is not allowed; else it is as of Run.
func (e *Engine) Redrive(ctx context.Context, key string, observe func(asl.Event)) (Outcome, error) {
	b, err := e.BeginRedrive(key)
	if err != nil {
		return Outcome{}, err
	}
	return b.Run(ctx, observe)
}

// BeginRedrive makes an execution RUNNING again, which its Run then goes on with. The error is as of Redrive.
func (e *Engine) BeginRedrive(key string) (*Begun, error) {
	x, err := e.executions.Read(key)
	if err != nil {
		return nil, fmt.Errorf("redrive %s: %w", key, err)
	}
	name := x.Name
	events, err := e.executions.Events(key)
	if err != nil {
		return nil, fmt.Errorf("redrive %s: %w", name, err)
	}
	now := time.Now()
	if reason := x.NotRedrivable(now, events); reason != "" {
		return nil, NotRedrivable{name, reason}
	}
	if x.Source != e.config.Source || x.Destination != e.config.Destination {
		return nil, NotRedrivable{name, fmt.Sprintf("it reads %s and writes %s, not %s and %s", x.Source, x.Destination, e.config.Source, e.config.Destination)}
	}
	j, ok := e.jobOf(x.StateMachine)
	if !ok {
		return nil, NotRedrivable{name, fmt.Sprintf("it is of %s, which is not served", x.StateMachine)}
	}
	definition, err := e.executions.Definition(key)
	if err != nil {
		return nil, fmt.Errorf("redrive %s: %w", name, err)
	}
	machine, err := asl.Parse([]byte(definition))
	if err != nil {
		return nil, fmt.Errorf("redrive %s: parse the state machine that it had: %w", name, err)
	}
	// The report of the attempt before must not be taken for this one's.
	if err := os.Remove(e.storage.Path(j.reportKey(name, "summary.json"))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("redrive %s: %w", name, err)
	}
	x.Status, x.Stop, x.Error, x.Cause = executions.Running, time.Time{}, "", ""
	x.RedriveCount, x.RedriveDate = x.RedriveCount+1, now
	if err := e.executions.Update(x); err != nil {
		return nil, fmt.Errorf("redrive %s: %w", name, err)
	}
	return e.begun(j, x, machine.Redrive), nil
}
