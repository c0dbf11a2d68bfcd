package account

import (
	"fmt"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
)

// verdict says in one sentence, without its full stop, how the run ended and why. It is the cause of a
// failed execution and stands at the top of the report.
func verdict(s job.Summary, ended Ended, planned bool, notes []string) string {
	why := reason(ended)
	if !planned {
		return how(ended.Status) + " before it was planned" + why
	}
	if ended.Status != "" && ended.Status != "SUCCEEDED" && !ended.judged() {
		return how(ended.Status) + why + "; " + tally(s)
	}
	if !s.Balanced {
		return "the accounts disagree: " + strings.TrimSuffix(notes[0], ".") + "; " + tally(s)
	}
	return tally(s)
}

func how(status string) string {
	switch status {
	case "TIMED_OUT":
		return "the run ran out of time"
	case "ABORTED":
		return "the run was stopped"
	}
	return "the run failed"
}

// reason is what Step Functions says of an execution that did not end by itself.
func reason(ended Ended) string {
	cause := look.Clip(strings.TrimSuffix(record{Cause: ended.Cause}.message(), "."), 1000)
	switch {
	case ended.Error != "" && cause != "":
		return " with " + ended.Error + ": " + cause
	case ended.Error != "":
		return " with " + ended.Error
	case cause != "":
		return ": " + cause
	}
	return ""
}

// tally tells the numbers that matter most.
func tally(s job.Summary) string {
	var text string
	switch {
	case s.Listed == 0 && s.NotStarted == 0:
		text = "no pictures were found"
	case s.Failed > 0:
		tolerated := ", " + look.Percent(s.ToleratedFailurePercentage) + " are tolerated"
		if s.WithinTolerance {
			tolerated = ", within the " + look.Percent(s.ToleratedFailurePercentage) + " that are tolerated"
		}
		text = fmt.Sprintf("%s of %s failed (%s)%s: %s", look.Count(s.Failed), items(s.Listed),
			look.PercentBeside(s.FailedPercentage, s.ToleratedFailurePercentage), tolerated, codes(s.FailedBy))
	default:
		text = fmt.Sprintf("%s, none failed: %s written, %s current, %s ignored", items(s.Listed), look.Count(s.Written), look.Count(s.Current), look.Count(s.Ignored))
	}
	if s.NotStarted > 0 {
		text += fmt.Sprintf("; %s more not finished", look.Count(s.NotStarted))
	}
	return text
}

// codes lists the most frequent reasons.
func codes(counts map[string]int) string {
	const most = 4
	var parts []string
	all := look.ByCount(counts)
	for _, code := range all[:min(len(all), most)] {
		parts = append(parts, look.Count(counts[code])+" "+code)
	}
	rest := 0
	for _, code := range all[min(len(all), most):] {
		rest += counts[code]
	}
	if rest > 0 {
		parts = append(parts, look.Count(rest)+" of other kinds")
	}
	return strings.Join(parts, ", ")
}

// items writes a number of pictures.
func items(n int) string {
	if n == 1 {
		return "1 picture"
	}
	return look.Count(n) + " pictures"
}
