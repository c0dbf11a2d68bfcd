package asl

import "time"

// stepped is a record of the log of steps: one of its last four members says what happened in the
// iteration At, or in the execution itself.
type stepped struct {
	At     []int         `json:"at,omitempty"` // index of the iteration, and of those within it
	To     string        `json:"to,omitempty"` // this state is due, with Input
	Input  any           `json:"input,omitempty"`
	Done   bool          `json:"done,omitempty"` // the last state is done, with Output
	Output any           `json:"output,omitempty"`
	Failed string        `json:"failed,omitempty"` // name of the error that ended the state
	MapRun *mapRunOpened `json:"mapRun,omitempty"` // the state began or redrove this Map Run
}

// mapRunOpened is what a Map Run keeps of its beginning. Entered, Retries, RedriveCount and RedriveTime
// are what the context object said then: the same items make the same batches on every attempt.
type mapRunOpened struct {
	ID           string    `json:"id"`
	Start        time.Time `json:"start"`
	Entered      time.Time `json:"entered"`
	Retries      int       `json:"retries,omitempty"`
	RedriveCount int       `json:"redriveCount,omitempty"` // of the execution, when the Map Run began
	RedriveTime  time.Time `json:"redriveTime,omitzero"`
	Redrives     int       `json:"redrives,omitempty"` // of the Map Run
	Redriven     time.Time `json:"redriven,omitzero"`
}

// position is where a run of a graph stands: at a state that is not done, or at its end.
type position struct {
	state      string // "": nowhere yet
	input      any
	failed     string            // name of the error that ended the state, if one did
	iterations map[int]*position // of an inline Map
	mapRun     *mapRunOpened     // of a DISTRIBUTED Map
	taken      bool              // mapRun has been gone on with
	done       bool
	output     any
}

// positionIn reads the log of steps.
func positionIn(j Journal) (*position, error) {
	root := &position{}
	for s, err := range kept[stepped](j, stepsLog) {
		if err != nil {
			return nil, err
		}
		root.within(s.At).apply(s)
	}
	return root, nil
}

func (p *position) within(at []int) *position {
	for _, index := range at {
		if p.iterations == nil {
			p.iterations = map[int]*position{}
		}
		if p.iterations[index] == nil {
			p.iterations[index] = &position{}
		}
		p = p.iterations[index]
	}
	return p
}

func (p *position) apply(s stepped) {
	switch {
	case s.To != "":
		*p = position{state: s.To, input: s.Input}
	case s.Done:
		*p = position{done: true, output: s.Output}
	case s.Failed != "":
		p.failed = s.Failed
	case s.MapRun != nil:
		p.mapRun, p.failed = s.MapRun, ""
	}
}
