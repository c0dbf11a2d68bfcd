package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"mapfleet/functions/job"
)

// next says what can be done about the differences.
func (r *auditCommand) next(a auditReport, place auditPlace) []string {
	var lines []string
	if a.Sources.Again > 0 {
		lines = append(lines, r.runAgain(a, place))
	}
	if a.Report.Outputs.Collisions > 0 {
		lines = append(lines, "a run never overwrites another source's output: give the variants keys that tell such sources apart, with {dir} and {ext}; what mapfleet has not made it replaces with \"overwrite\":\"always\"")
	}
	if d := a.Destination; d != nil && d.Outsiders != nil && d.Orphaned > 0 {
		if a.Orphans == "" {
			lines = append(lines, "--orphans FILE writes the keys of orphans; nothing is deleted")
		} else {
			lines = append(lines, fmt.Sprintf("%s has the keys of %s; nothing was deleted", a.Orphans, plural(d.Orphaned, "orphan")))
		}
	}
	if a.Destination == nil && !a.Quick {
		lines = append(lines, "the input names a part of the source: --orphans FILE searches for orphans all the same")
	}
	if a.Quick {
		lines = append(lines, "listings do not tell what is stale, and what is orphaned: leave --quick out")
	}
	return lines
}

// runAgain says how the sources that lack outputs are run.
func (r *auditCommand) runAgain(a auditReport, place auditPlace) string {
	n := plural(a.Sources.Again, "source")
	switch {
	case a.Manifest == "":
		return fmt.Sprintf("--manifest s3://%s/KEY.jsonl, or a file, makes a manifest of the %s to run again", workName(place), n)
	case !r.manifestURL():
		where := "the work bucket"
		if place.local {
			where = filepath.Join(place.folders.State, place.work)
		}
		return fmt.Sprintf(`%s names %s: put it into %s, and start a run with "manifest":"s3://%s/KEY.jsonl" in its input`, a.Manifest, n, where, workName(place))
	}
	input := againInput(place.input, a.Input, a.Manifest)
	if !place.local {
		return "start a run with the input " + input
	}
	command := []string{"mapfleet local resize --in", shellQuote(r.in), "--out", shellQuote(r.out)}
	if r.state != "" {
		command = append(command, "--state", shellQuote(r.state))
	}
	return strings.Join(append(command, "--input", shellQuote(input)), " ")
}

func workName(place auditPlace) string {
	if place.work == "" {
		return "WORKBUCKET"
	}
	return place.work
}

// againInput is the audit's recipe and filter with the manifest as what they are for; where they were those of an
// earlier run, as taken has them. Stale outputs are overwritten, whatever the audit's input said.
func againInput(input json.RawMessage, taken job.Input, manifest string) string {
	var given map[string]json.RawMessage
	_ = json.Unmarshal(input, &given) // it was parsed before
	again := map[string]any{"manifest": manifest}
	for _, name := range []string{"filter", "variants"} {
		if value, ok := given[name]; ok {
			again[name] = value
		}
	}
	if taken.RetryFailuresOf != "" {
		again["variants"], again["filter"] = taken.Variants, taken.Filter
	}
	data, _ := json.Marshal(again)
	return string(data)
}

// shellQuote makes one word of a shell's command line of s.
func shellQuote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("/._-=+:,@%", c))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
