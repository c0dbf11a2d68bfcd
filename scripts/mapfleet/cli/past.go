package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/executions"
	"mapfleet/scripts/mapfleet/engine/storage"
	"mapfleet/statemachine/asl"
)

// past is what is known of a run that is over: by a State folder, or by a stack.
type past struct {
	name string

	kept       bool // there is an execution; older runs left a report alone
	execution  executions.Execution
	events     int
	unfinished []asl.Unfinished // where a redrive would go on

	remote  bool   // it ran elsewhere
	refused string // why it cannot be redriven there, or ""

	plan    *job.Plan       // nil: it was not planned, or refused
	planned json.RawMessage // the plan as it stands
	summary *job.Summary    // nil: there is no report
	again   string          // the later run that has run all its failures again by the same recipe, with success
}

// shownRuns is how many runs an error names.
const shownRuns = 10

// findPast looks for a run by its name, or for the last one.
func findPast(c engine.Config, name string) (past, error) {
	folder := engine.Executions(c.State)
	all, err := folder.All()
	if err != nil {
		return past{}, err
	}
	checked := slices.ContainsFunc(all, func(x executions.Execution) bool { return x.Name == name && ofChecks(x) })
	all = slices.DeleteFunc(all, ofChecks)
	names, err := runNames(c.State, all)
	if err != nil {
		return past{}, err
	}
	if checked && !slices.Contains(names, name) {
		return past{}, usagef("%s is a run of checks: mapfleet local checks asks its file again", name)
	}
	if name == "last" && len(names) > 0 {
		name = names[len(names)-1]
	}
	if !slices.Contains(names, name) {
		return past{}, unknownRun(c.State, name, names, all)
	}
	p := past{name: name}
	if err := p.readReport(c.State); err != nil {
		return p, err
	}
	for _, x := range all {
		if x.Status == executions.Succeeded && retries(x.Input, name) && x.Source == c.Source && x.Destination == c.Destination {
			later := past{name: x.Name}
			if err := later.readReport(c.State); err == nil && p.mendedBy(later) {
				p.again = x.Name
			}
		}
		if x.Name == name {
			p.kept, p.execution = true, x
		}
	}
	if !p.kept {
		return p, nil
	}
	if x := p.execution; x.Source != c.Source || x.Destination != c.Destination {
		return p, usagef("%s went from %s to %s, not from --in %s to --out %s", name, x.Source, x.Destination, c.Source, c.Destination)
	}
	if p.events, err = folder.Events(name); err != nil {
		return p, err
	}
	if p.execution.Status != executions.Succeeded {
		p.unfinished, err = unfinished(folder, name)
	}
	return p, err
}

// ofChecks says whether an execution is of the second job, which may share the State folder.
func ofChecks(x executions.Execution) bool {
	return strings.HasSuffix(x.StateMachine, "-"+string(engine.Checks))
}

func unfinished(folder executions.Folder, name string) ([]asl.Unfinished, error) {
	definition, err := folder.Definition(name)
	if err != nil {
		return nil, err
	}
	machine, err := asl.Parse([]byte(definition))
	if err != nil {
		return nil, fmt.Errorf("parse the state machine of %s: %w", name, err)
	}
	journal := folder.Journal(name)
	defer journal.Close()
	return machine.Unfinished(journal)
}

// readReport reads what the run's report folder has of it.
func (p *past) readReport(state string) error {
	for _, file := range []struct {
		name string
		into func() any
	}{
		{"plan.json", func() any { return &p.planned }},
		{"summary.json", func() any { p.summary = &job.Summary{}; return p.summary }},
	} {
		path := filepath.Join(state, storage.Work, job.ReportKey(p.name, file.name))
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(data, file.into()); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
	}
	return p.readPlan()
}

// readPlan reads what is planned, if anything is.
func (p *past) readPlan() error {
	if p.planned == nil {
		return nil
	}
	if err := json.Unmarshal(p.planned, &p.plan); err != nil {
		return fmt.Errorf("read the plan of %s: %w", p.name, err)
	}
	return nil
}

// runNames returns the runs of a State folder, the last one at the end: those that are kept, and
// before them those that left a report alone.
func runNames(state string, all []executions.Execution) ([]string, error) {
	var kept []string
	for _, x := range all {
		kept = append(kept, x.Name)
	}
	entries, err := os.ReadDir(filepath.Join(state, storage.Work, job.ReportsPrefix))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && !slices.Contains(kept, entry.Name()) && !leftByChecks(state, entry.Name()) {
			names = append(names, entry.Name())
		}
	}
	return append(names, kept...), nil
}

// leftByChecks says whether a folder of reports is of the second job: a run of its, or what runs over its files
// remember.
func leftByChecks(state, folder string) bool {
	if strings.HasPrefix(job.ReportKey(folder, ""), checks.ReportsPrefix) {
		return true
	}
	files, _ := filepath.Glob(filepath.Join(state, storage.Work, job.ReportKey(folder, "????????????????????????????????.json"))) // the pattern is a good one
	return len(files) > 0 && folder+"/" == checks.FilesPrefix
}

func unknownRun(state, name string, names []string, all []executions.Execution) error {
	if len(names) == 0 {
		return usagef("there is no run %q: %s knows of none", name, state)
	}
	var lines []string
	for _, known := range names[max(0, len(names)-shownRuns):] {
		if i := slices.IndexFunc(all, func(x executions.Execution) bool { return x.Name == known }); i >= 0 {
			known += " " + all[i].Status
		}
		lines = append(lines, "  "+known)
	}
	if more := len(names) - len(lines); more > 0 {
		lines = append([]string{fmt.Sprintf("  … %d older ones", more)}, lines...)
	}
	return usagef("there is no run %q; there are:\n%s", name, strings.Join(lines, "\n"))
}
