package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"mapfleet/functions/job"
)

// retries says whether a run with this input runs the failures of another again.
func retries(input []byte, of string) bool {
	var given struct {
		RetryFailuresOf string `json:"retryFailuresOf"`
	}
	return json.Unmarshal(input, &given) == nil && given.RetryFailuresOf == of
}

// mendedBy says whether later, a run over the failures of p, has left nothing of them to be done: it took all that
// there are since p ended for the last time, none failed, and it made the outputs that p would have made.
func (p past) mendedBy(later past) bool {
	return p.plan != nil && p.summary != nil && later.plan != nil && later.summary != nil &&
		later.plan.Started.After(p.summary.Finished) &&
		later.summary.Failed == 0 && later.summary.Listed < later.plan.Limits.MaxItems &&
		p.plan.Job.SameOutputs(later.plan.Job)
}

// failuresInput is the input of a run over the failures of p, with all that p's plan has to say of it: an older
// mapfleet would not look there by itself. It tolerates all failures, so that each one is tried again;
// stillFailing judges it.
func (p past) failuresInput(d job.Deployment) (json.RawMessage, error) {
	input, missing := job.Again(fmt.Appendf(nil, `{"retryFailuresOf":%q,"toleratedFailurePercentage":100}`, p.name), p.planned)
	if missing != nil {
		return nil, fmt.Errorf("the plan of %s does not tell its %s: start a run with the input %s, and name them there",
			p.name, strings.Join(missing, ", "), input)
	}
	if _, err := job.ParseInput(input, d); err != nil {
		return nil, fmt.Errorf("the plan of %s is not one that can be run again: %w", p.name, err)
	}
	return input, nil
}

// judge is the run by which a retry of p is judged: p, or where p itself is a retry that tolerated all, the run that
// it goes back to, as far as their reports, which read reads, are there.
func (p past) judge(read func(*past) error) past {
	for range longestChain {
		if p.plan == nil || p.plan.RetryFailuresOf == "" || p.plan.Limits.ToleratedFailurePercentage < 100 {
			break
		}
		earlier := past{name: p.plan.RetryFailuresOf}
		if read(&earlier) != nil || earlier.plan == nil || earlier.summary == nil {
			break
		}
		p = earlier
	}
	return p
}

// longestChain is how many retries of retries are followed back. A name that is used twice makes a ring of them.
const longestChain = 100

// stillFailing says what is wrong with so many failures that are left, of all items that p had listed and
// by what p tolerates, or "".
func (p past) stillFailing(failed int) string {
	tolerated := p.plan.Limits.ToleratedFailurePercentage
	if float64(failed)*100 <= tolerated*float64(p.summary.Listed) {
		return ""
	}
	return fmt.Sprintf("%s of the %s pictures of %s still fail, %v %% are tolerated", count(failed), count(p.summary.Listed), p.name, tolerated)
}
