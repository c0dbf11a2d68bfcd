package asl

import "time"

// ended is a record of the log of children: how one ended. It holds all that a result file or another
// attempt needs of it, so that nobody has to look for its items.
type ended struct {
	Begun    bool      `json:"begun,omitempty"` // no child, but: the first one is about to start
	Index    int       `json:"index"`
	Status   string    `json:"status,omitempty"`
	Items    int       `json:"items,omitempty"`
	Input    any       `json:"input,omitempty"` // unless it succeeded, and no result file will show it
	Output   any       `json:"output,omitempty"`
	Error    string    `json:"error,omitempty"`
	Cause    string    `json:"cause,omitempty"`
	Start    time.Time `json:"start,omitzero"`
	Stop     time.Time `json:"stop,omitzero"`
	Redrives int       `json:"redrives,omitempty"`

	// State is the one that a STANDARD child was at, and StateInput its input. Of an inline Map in it
	// nothing is kept: it starts over (A39).
	State      string `json:"state,omitempty"`
	StateInput any    `json:"stateInput,omitempty"`
}

// keepEnded keeps how a child ended.
func (r *mapRun) keepEnded(o outcome, t *track) error {
	if r.journal == nil {
		return nil
	}
	k := o.child
	e := ended{Index: k.index, Status: o.status, Items: k.items, Output: o.output, Start: k.start, Stop: k.stop, Redrives: k.redrives}
	if o.failure != nil {
		e.Error, e.Cause = o.failure.Name, o.failure.Cause
	}
	if o.status != statusSucceeded || r.showsInput() {
		e.Input = k.input
	}
	if o.status != statusSucceeded && !r.express {
		e.State, e.StateInput = t.state, t.input
	}
	return keep(r.journal, childrenLog(r.opened.ID), e)
}

// showsInput says whether the result of a success tells its input.
func (r *mapRun) showsInput() bool { return r.writer != nil && r.writer.transformation == "NONE" }

// outcome is the one that was kept, for the child that it was of.
func (e ended) outcome(k *child) outcome {
	o := outcome{child: k, status: e.Status, output: e.Output}
	k.start, k.stop = e.Start, e.Stop
	if e.Status == statusFailed || e.Status == statusTimedOut {
		o.failure = &Error{Name: e.Error, Cause: e.Cause}
	}
	return o
}

// stands is where a STANDARD child goes on.
func (e ended) stands() position { return position{state: e.State, input: e.StateInput} }
