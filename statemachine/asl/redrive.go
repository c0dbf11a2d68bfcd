package asl

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"
)

// Redrive goes on with an execution that failed, ran out of time, was aborted, or whose process ended,
// from what its Journal holds: with the states that were not done and their inputs, with the iterations
// of an inline Map that had not succeeded, and with the children of a Map Run that had not (A36 to A41).
// x is what Run was given, with RedriveCount and RedriveTime; whether a redrive is allowed at all
// is for the caller to know. Output and error are as of Run.
func (m *Machine) Redrive(ctx context.Context, x Execution) (output any, err error) {
	stands, err := positionIn(x.Journal)
	if err != nil {
		return nil, err
	}
	if x.RedriveCount = max(x.RedriveCount, 1); x.RedriveTime.IsZero() {
		x.RedriveTime = time.Now()
	}
	return m.run(ctx, x, &track{journal: x.Journal, position: *stands})
}

// Unfinished is a state with which a redrive would go on.
type Unfinished struct {
	State     string
	Type      string // Task, Map and so on. A Fail state fails again (A37)
	Iteration []int  // index of the iteration of an inline Map, and of those within it; nil outside
}

// Unfinished returns where a redrive would go on: one state, or more where iterations of an inline Map
// had begun and were not done; none if the execution is done. An execution that never began is at the first.
func (m *Machine) Unfinished(j Journal) ([]Unfinished, error) {
	stands, err := positionIn(j)
	if err != nil {
		return nil, err
	}
	if stands.state == "" && !stands.done {
		stands.state = m.graph.startAt
	}
	return m.graph.unfinished(stands, nil)
}

func (g *graph) unfinished(p *position, at []int) (list []Unfinished, err error) {
	if p.done {
		return nil, nil
	}
	s := g.states[p.state]
	if s == nil {
		return nil, errors.New("the journal is not of this state machine: it tells of a state " + p.state)
	}
	if inline, ok := s.do.(*inlineMap); ok {
		for _, index := range slices.Sorted(maps.Keys(p.iterations)) {
			inner, err := inline.graph.unfinished(p.iterations[index], append(slices.Clone(at), index))
			if err != nil {
				return nil, err
			}
			list = append(list, inner...)
		}
	}
	if len(list) == 0 {
		list = []Unfinished{{s.name, s.kind, at}}
	}
	return list, nil
}
