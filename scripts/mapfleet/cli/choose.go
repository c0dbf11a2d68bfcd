package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/statemachine/asl"
)

// The ways of a retry.
const (
	howRedrive  = "redrive"
	howFailures = "failures"
	howNothing  = "nothing"
)

// choice is a way, and why it is the right one, in a line.
type choice struct{ how, why string }

// choose says how a run is retried; how forces one way. The error says why there is none.
func (p past) choose(how string, now time.Time) (choice, error) {
	reason := "it was run by a mapfleet that kept no journal"
	switch {
	case p.remote:
		reason = p.refused
	case p.kept:
		reason = p.execution.NotRedrivable(now, p.events)
	}
	switch {
	case how == howRedrive && reason != "":
		return choice{}, fmt.Errorf("%s cannot be redriven: %s", p.name, reason)
	case how == howRedrive:
		return choice{howRedrive, "redriven, as --how says; it " + p.ended()}, nil
	case how == howFailures:
		return p.chooseFailures()
	case p.kept && p.execution.Status != executions.Succeeded && !p.atFail():
		if reason != "" {
			return choice{}, fmt.Errorf("%s %s, and cannot be redriven: %s. A new run over the same input makes what is missing", p.name, p.ended(), reason)
		}
		return choice{howRedrive, fmt.Sprintf("it %s, so it is redriven: what succeeded is not run again", p.ended())}, nil
	case !p.kept && (p.summary == nil || p.summary.NotStarted > 0):
		return choice{}, fmt.Errorf("%s did not come to its end, and cannot be redriven: %s. A new run over the same input makes what is missing", p.name, reason)
	}
	return p.chooseFailures()
}

// chooseFailures is for a run that came to its end.
func (p past) chooseFailures() (choice, error) {
	switch {
	case p.summary == nil && p.kept && p.execution.Status == executions.Succeeded:
		return choice{howNothing, "nothing to retry: it SUCCEEDED without a picture to make"}, nil
	case p.summary == nil || p.plan == nil:
		return choice{}, fmt.Errorf("%s %s, and left no report that tells of failures", p.name, p.ended())
	case p.summary.Failed > 0 && p.again != "":
		return choice{howNothing, fmt.Sprintf("nothing to retry: %s has run all that failed again, and SUCCEEDED", p.again)}, nil
	case p.summary.Failed > 0:
		why := fmt.Sprintf("it %s with %s, so a new run goes over those, by the same recipe", p.ended(), failures(*p.summary))
		if n := p.summary.NotStarted; n > 0 {
			why += fmt.Sprintf("; %s that were not finished are not among them", count(n))
		}
		return choice{howFailures, why}, nil
	case p.execution.Status == executions.Succeeded || p.summary.Status == executions.Succeeded:
		return choice{howNothing, "nothing to retry: it SUCCEEDED and nothing failed"}, nil
	}
	if p.kept && !p.atFail() {
		return choice{}, fmt.Errorf("%s %s, and no picture failed: there are no failures to run again. Without --how failures the run is redriven, and goes on", p.name, p.ended())
	}
	return choice{}, fmt.Errorf("%s %s, but no picture failed: there are no failures to run again, and a redrive would end the same way. A new run over the same input makes what is missing", p.name, p.ended())
}

func failures(s job.Summary) string {
	if s.Failed == 1 {
		return "1 failure"
	}
	return count(s.Failed) + " failures"
}

// atFail says whether a redrive would only enter a Fail state again.
func (p past) atFail() bool {
	return slices.ContainsFunc(p.unfinished, func(u asl.Unfinished) bool { return u.Type == "Fail" })
}

// ended says how the run ended, and where.
func (p past) ended() string {
	status := p.execution.Status
	if !p.kept && p.summary != nil {
		status = p.summary.Status
	}
	var states []string
	for _, u := range p.unfinished {
		if !slices.Contains(states, u.State) {
			states = append(states, u.State)
		}
	}
	text := status
	switch status {
	case "":
		text = "ended"
	case executions.Aborted:
		text = "was ABORTED"
	}
	switch {
	case len(states) > 0:
		text += " in " + strings.Join(states, ", ")
	case p.remote && p.execution.Error != "":
		text += " with " + p.execution.Error
	}
	return text
}
