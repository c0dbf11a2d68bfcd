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
	told             map[string]told // by the ARNs of Map Runs
	err              error           // the first
}

// told is what was kept last of a Map Run.
type told struct {
	at           time.Time
	total, ended int64 // items
}

// mapRunEvery is how often the counts of a Map Run are kept while it runs, beside each time that its items, or those
// of them that have ended, are twice as many: those of one that is killed are no older, and no less than half.
const mapRunEvery = 10 * time.Second

func (t told) outdated(e asl.Event) bool {
	now := toldOf(e)
	return now.at.Sub(t.at) >= mapRunEvery || now.total > t.total && now.total >= 2*t.total || now.ended > t.ended && now.ended >= 2*t.ended
}

func toldOf(e asl.Event) told {
	c := e.MapRun.Items
	return told{e.Time, c.Total, c.Succeeded + c.Failed + c.TimedOut}
}

// Record goes on with the records of an execution. The caller closes the Recorder.
func (f Folder) Record(key string) (*Recorder, error) {
	events, err := f.Events(key)
	if err != nil {
		return nil, err
	}
	return &Recorder{
		Journal: f.Journal(key), events: events, told: map[string]told{},
		history: lines{path: f.file(key, historyFile)}, mapRuns: lines{path: f.file(key, mapRunsFile)},
	}, nil
}

// Observe is asl.Execution's. What cannot be kept is told by Close.
func (r *Recorder) Observe(e asl.Event) {
	if e.MapRun == nil && !historical(e) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.MapRun != nil && (historical(e) || r.told[e.MapRunARN].outdated(e)) {
		r.told[e.MapRunARN] = toldOf(e)
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
