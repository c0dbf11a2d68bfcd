package merge

import (
	"context"
	"encoding/json"
	"time"

	"mapfleet/functions/fault"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/mapruns"
)

// last is what a run leaves for the next one over the same file. Which lines are failing is in the run's
// own failing.jsonl: their number has no bound.
type last struct {
	File string `json:"file"`
	past
	// Before is what was here until this run, so that a report that is written twice compares with the
	// same run both times.
	Before *past `json:"before,omitzero"`
}

type past struct {
	Run     string    `json:"run"`
	Started time.Time `json:"started"`
	Version string    `json:"version"` // checks.Plan.Version
	NotDone int       `json:"notDone"`
}

// readLast returns the run to compare with, or nil. newer says that a later run has reported already:
// then this one has nothing to tell.
func readLast(ctx context.Context, s mapruns.Store, bucket string, plan checks.Plan) (before *past, newer bool, err error) {
	data, err := s.Read(ctx, bucket, checks.LastKey(plan.File))
	if _, gone := err.(fault.Gone); gone {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	var l last
	switch {
	case json.Unmarshal(data, &l) != nil || l.File != plan.File:
		return nil, false, nil
	case l.Run == plan.Run:
		return l.Before, false, nil
	}
	return &l.past, l.Started.After(plan.Started), nil
}
