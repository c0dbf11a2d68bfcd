package merge

import (
	"fmt"

	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
	"mapfleet/functions/report/look"
)

// verdict says in one sentence, without its full stop, how the run ended. It is the cause of a failed
// execution and stands at the top of the report.
func verdict(s checks.Summary, b *book, ended account.Ended) string {
	text := ""
	switch ended.Status {
	case "FAILED":
		text = "the run failed"
	case "TIMED_OUT":
		text = "the run ran out of time"
	case "ABORTED":
		text = "the run was stopped"
	}
	if text != "" {
		if ended.Error != "" {
			text += " with " + ended.Error
		}
		text += "; "
	}
	if !s.Balanced {
		text += "the accounts disagree: " + b.notes[0] + " "
	}
	text += fmt.Sprintf("%s of %s checks are OK", look.Count(s.OK), look.Count(s.Lines))
	if s.Failing > 0 {
		text += fmt.Sprintf(", %s failing", look.Count(s.Failing))
	}
	if s.Bad > 0 {
		lines := "lines"
		if s.Bad == 1 {
			lines = "line"
		}
		text += fmt.Sprintf(", %s bad %s", look.Count(s.Bad), lines)
	}
	if s.NotDone > 0 {
		text += fmt.Sprintf(", %s not done", look.Count(s.NotDone))
		if b.reason != "" {
			text += " (" + b.reason + ")"
		}
	}
	return text
}
