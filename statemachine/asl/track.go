package asl

import "slices"

// track is how far one run of a graph has come: of a machine, of an iteration of an inline Map, or of
// a child execution. Each step is kept in the journal before it is taken, so that a redrive goes on
// with the state that was not done, and with its input. Not for concurrent use.
type track struct {
	journal Journal // nil: nothing is kept
	at      []int   // the iteration, and those that it is in
	position
}

// start returns the state to begin with and its input: where an earlier attempt stopped, or the
// graph's first.
func (t *track) start(g *graph, input any) (string, any, error) {
	switch {
	case t.state == "":
		return g.startAt, input, t.move(g.startAt, input)
	case g.states[t.state] == nil:
		return "", nil, failure(errorRuntime, "the journal tells of a state %q, which the state machine does not have", t.state)
	case t.failed == errorDataLimit: // A38: a Map starts over, with all that is in it
		return t.state, t.input, t.move(t.state, t.input)
	}
	return t.state, t.input, nil
}

// move keeps that the state before is done and that this one is due.
func (t *track) move(state string, input any) error {
	if err := keepSafe(t.journal, stepsLog, stepped{At: t.at, To: state, Input: input}); err != nil {
		return err
	}
	t.forgetMapRun()
	t.position = position{state: state, input: input}
	return nil
}

// finish keeps that the last state is done.
func (t *track) finish(output any) error {
	if err := keepSafe(t.journal, stepsLog, stepped{At: t.at, Done: true, Output: output}); err != nil {
		return err
	}
	t.forgetMapRun()
	return nil
}

// fail keeps the error that ended the state.
func (t *track) fail(err error) error {
	failed := asError(err, errorRuntime)
	if failed.unkept {
		return nil
	}
	return keepSafe(t.journal, stepsLog, stepped{At: t.at, Failed: failed.Name})
}

// iteration returns the track of one iteration of the inline Map that t is at.
func (t *track) iteration(index int, before map[int]*position) *track {
	inner := &track{journal: t.journal, at: append(slices.Clone(t.at), index)}
	if p := before[index]; p != nil {
		inner.position = *p
	}
	return inner
}

// resume returns what an earlier attempt left of the iterations of the inline Map that t is at. A Retry
// of the Map starts over: then there is nothing, and the journal forgets it too.
func (t *track) resume(retries int) (map[int]*position, error) {
	before := t.iterations
	t.iterations = nil
	if retries > 0 {
		return nil, t.move(t.state, t.input)
	}
	return before, nil
}

// mapRunBefore returns the Map Run that an earlier attempt left to go on with, once; nil if there is
// none, or if AWS would begin another (A38).
func (t *track) mapRunBefore() *mapRunOpened {
	if t.taken || t.failed == errorRuntime {
		return nil
	}
	t.taken = true
	return t.mapRun
}

// open keeps that the Map state which t is at has begun or redriven a Map Run. What another one before
// it left is forgotten.
func (t *track) open(opened mapRunOpened) error {
	if err := keepSafe(t.journal, stepsLog, stepped{At: t.at, MapRun: &opened}); err != nil {
		return err
	}
	if t.mapRun != nil && t.mapRun.ID != opened.ID {
		t.forgetMapRun()
	}
	t.mapRun, t.taken = &opened, true
	return nil
}

// forgetMapRun drops the logs of a Map Run that no redrive will need. That they are gone is not needed
// for anything, so an error is none.
func (t *track) forgetMapRun() {
	if t.mapRun == nil || t.journal == nil {
		return
	}
	_ = t.journal.Drop(itemsLog(t.mapRun.ID))
	_ = t.journal.Drop(childrenLog(t.mapRun.ID))
}
