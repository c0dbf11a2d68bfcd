package executions

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"mapfleet/statemachine/asl"
)

// Tidy is for a process that begins to write to the folder, and alone does: what is still RUNNING has lost
// its process, and becomes ABORTED. Journals of which no redrive can be made are deleted.
func (f Folder) Tidy(now time.Time) error {
	all, err := f.All()
	for _, x := range all {
		if x.Status == Running {
			err = errors.Join(err, f.Abandon(x))
			continue
		}
		if x.Status == Succeeded || now.Sub(x.Stop) > redrivablePeriod {
			err = errors.Join(err, f.Journal(x.Key()).Delete())
		}
	}
	return errors.Join(err, f.unborn())
}

// unborn deletes what is left of executions whose process ended while they were made: their names are free.
func (f Folder) unborn() error {
	entries, err := os.ReadDir(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		_, lacks := os.Lstat(f.file(entry.Name(), recordFile))
		_, begun := os.Lstat(f.file(entry.Name(), historyFile))
		if entry.IsDir() && errors.Is(lacks, fs.ErrNotExist) && errors.Is(begun, fs.ErrNotExist) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(f.path, entry.Name())))
		}
	}
	return err
}

// Abandoned is the cause of an execution that Abandon has ended. No report is made of it.
const Abandoned = "its process ended without a word: it was killed, or the machine stopped, or its end could not be kept"

// Abandon ends an execution that is kept as RUNNING and that nobody carries out: its process is gone, or
// how it ended could not be kept.
func (f Folder) Abandon(x Execution) error {
	x.Status, x.Stop = Aborted, f.lastSign(x)
	x.Cause = Abandoned
	r, err := f.Record(x.Key())
	if err != nil {
		return err
	}
	runs, err := f.MapRuns(x.Key())
	for _, run := range runs {
		if run.Status == Running {
			run.Status, run.Stop = Aborted, x.Stop
			r.Observe(asl.Event{Time: x.Stop, Kind: asl.MapRunFinished, State: run.State, MapRunARN: run.ARN, MapRun: &run})
		}
	}
	r.Observe(asl.Event{Time: x.Stop, Kind: asl.ExecutionAborted, Cause: x.Cause})
	return errors.Join(err, r.Close(), f.Update(x))
}

// lastSign is when the execution last wrote something.
func (f Folder) lastSign(x Execution) time.Time {
	last := x.Start
	_ = filepath.WalkDir(filepath.Join(f.path, x.Key()), func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if info, err := d.Info(); err == nil && info.ModTime().After(last) {
			last = info.ModTime()
		}
		return nil
	})
	return last
}
