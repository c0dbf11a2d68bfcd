package executions

import (
	"encoding/json"
	"errors"
	"sync"
	"time"

	"mapfleet/statemachine/asl"
)

// Recorder keeps the history and the Map Runs of a running execution. Many goroutines may call Observe.
type Recorder struct {
	Journal *Journal // of the execution

	mu               sync.Mutex
	history, mapRuns lines
	events           int
	told             map[string]time.Time // when a Map Run was kept last, by its ARN
	err              error                // the first
}

// mapRunEvery is how often the counts of a Map Run are kept while it runs: those of one that is killed
// are no older.
const mapRunEvery = 10 * time.Second

// Record goes on with the records of an execution. The caller closes the Recorder.
func (f Folder) Record(name string) (*Recorder, error) {
	events, err := f.Events(name)
	if err != nil {
		return nil, err
	}
	return &Recorder{
		Journal: f.Journal(name), events: events, told: map[string]time.Time{},
		history: lines{path: f.file(name, historyFile)}, mapRuns: lines{path: f.file(name, mapRunsFile)},
	}, nil
}

// Observe is asl.Execution's. What cannot be kept is told by Close.
func (r *Recorder) Observe(e asl.Event) {
	if e.MapRun == nil && !historical(e) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.MapRun != nil && (historical(e) || e.Time.Sub(r.told[e.MapRunARN]) >= mapRunEvery) {
		r.told[e.MapRunARN] = e.Time
		r.keep(&r.mapRuns, e.MapRun)
	}
	if !historical(e) {
		return
	}
	ends := false
	switch e.Kind {
	case asl.ExecutionSucceeded, asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		ends = true
	}
	if r.events < maxEvents-1 || ends && r.events < maxEvents {
		r.events++
		event, err := eventOf(r.events, e)
		r.keep(&r.history, event)
		r.note(err)
	}
}

func (r *Recorder) keep(to *lines, v any) {
	data, err := json.Marshal(v)
	if err == nil {
		err = to.append(data)
	}
	r.note(err)
}

func (r *Recorder) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

// Close closes all files, and returns the first error that there was.
func (r *Recorder) Close() error {
	return errors.Join(r.err, r.history.close(), r.mapRuns.close(), r.Journal.Close())
}
