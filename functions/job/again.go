package job

import (
	"encoding/json"
	"reflect"
	"slices"
)

// inherited returns the members of a run input that a run over the failures of another takes from its plan: those
// that decide which outputs there are, and which of them are written. How the work is cut up and bounded
// (batchSize, maxConcurrency, maxItems, maxCostUSD) is each run's own.
func inherited() []string { return []string{"variants", "overwrite", "filter"} }

// Again completes input, the JSON object of a run over the failures of an earlier run, by the earlier one's plan.json:
// what decides the outputs is taken from there, as it stands, where input does not name it. missing are the
// members that neither tells, all that input does not name where plan is no plan. What there is still has to be
// parsed: a plan may be of another version, or of a deployment that allowed more.
func Again(input, plan []byte) (full json.RawMessage, missing []string) {
	var members map[string]json.RawMessage
	var earlier struct {
		Job map[string]json.RawMessage `json:"job"`
	}
	if json.Unmarshal(input, &members) != nil || members == nil {
		return input, nil
	}
	if json.Unmarshal(plan, &earlier) != nil {
		earlier.Job = nil
	}
	if _, ok := earlier.Job["filter"]; !ok && earlier.Job != nil {
		earlier.Job["filter"] = json.RawMessage("{}") // a plan leaves out the filter that lets all pass
	}
	given := func(raw json.RawMessage) bool { return raw != nil && string(raw) != "null" }
	for _, name := range inherited() {
		switch {
		case given(members[name]):
		case given(earlier.Job[name]):
			members[name] = earlier.Job[name]
		default:
			missing = append(missing, name)
		}
	}
	full, _ = json.Marshal(members) // of what has just been JSON
	return full, missing
}

// SameOutputs says whether the workers of other make of an item what those of j do, and put it where they do.
func (j Job) SameOutputs(other Job) bool {
	return j.Source == other.Source && j.Destination == other.Destination && j.Overwrite == other.Overwrite &&
		slices.Equal(j.Variants, other.Variants) && reflect.DeepEqual(j.Filter, other.Filter)
}
