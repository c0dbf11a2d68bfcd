package distributed

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"mapfleet/statemachine"
)

// The integrations that a job may use without saying what they need.
const (
	invoke = "arn:aws:states:::lambda:invoke"
	list   = "arn:aws:states:::s3:listObjectsV2"
	read   = "arn:aws:states:::s3:getObject"
	write  = "arn:aws:states:::s3:putObject"
)

var jobName = regexp.MustCompile(`^[A-Za-z0-9-]{1,50}$`)

// definition is what a machine's role follows from.
type definition struct {
	labels    []string // of Distributed Maps, sorted
	resources []string // that states name, sorted, each once
	results   []string // prefixes that results go to, as far as the definition itself says so
}

func (d definition) uses(resource string) bool { return slices.Contains(d.resources, resource) }

// readDefinition looks at all states of an ASL text, those within other states too.
func readDefinition(text string) (definition, error) {
	var root any
	if err := json.Unmarshal([]byte(text), &root); err != nil {
		return definition{}, fmt.Errorf("read the definition: %w", err)
	}
	var d definition
	var errs []error
	d.collect(root, &errs)
	slices.Sort(d.labels)
	slices.Sort(d.resources)
	d.resources = slices.Compact(d.resources)
	return d, errors.Join(errs...)
}

func (d *definition) collect(node any, errs *[]error) {
	switch node := node.(type) {
	case []any:
		for _, each := range node {
			d.collect(each, errs)
		}
	case map[string]any:
		if resource, ok := node["Resource"].(string); ok {
			d.resources = append(d.resources, resource)
			parameters, _ := node["Parameters"].(map[string]any)
			if prefix, ok := parameters["Prefix"].(string); ok && resource == write {
				d.results = append(d.results, prefix)
			}
		}
		if states, ok := node["States"].(map[string]any); ok {
			for _, name := range slices.Sorted(maps.Keys(states)) {
				d.label(name, states[name], errs)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(node)) {
			d.collect(node[name], errs)
		}
	}
}

// label takes the label of a state, if it is a Distributed Map. Without one its Map Runs could not be named
// in the role, and not be redriven.
func (d *definition) label(name string, node any, errs *[]error) {
	var state struct {
		Label         string
		ItemProcessor struct{ ProcessorConfig struct{ Mode string } }
	}
	data, err := json.Marshal(node)
	if err == nil {
		err = json.Unmarshal(data, &state)
	}
	switch {
	case err != nil:
		*errs = append(*errs, fmt.Errorf("state %s: %w", name, err))
	case state.ItemProcessor.ProcessorConfig.Mode != "DISTRIBUTED":
	case state.Label == "" || len(state.Label) > 40:
		*errs = append(*errs, fmt.Errorf("state %s: its Label is %q; a Distributed Map needs one of 1 to 40 characters", name, state.Label))
	default:
		d.labels = append(d.labels, state.Label)
	}
}

// check joins all in which props do not fit together.
func (p Props) check() (definition, error) {
	d, err := readDefinition(p.Definition)
	errs := []error{err}
	if !jobName.MatchString(p.Name) {
		errs = append(errs, fmt.Errorf("name: given %q; allowed: 1 to 50 letters, digits and hyphens", p.Name))
	}
	for _, placeholder := range slices.Sorted(maps.Keys(p.Functions)) {
		if p.Functions[placeholder] == nil {
			errs = append(errs, fmt.Errorf("functions: %s is nil", placeholder))
		}
	}
	given := slices.Sorted(maps.Keys(p.Functions))
	for name := range p.Values {
		given = append(given, name)
	}
	slices.Sort(given)
	if wanted := statemachine.Placeholders(p.Definition); !slices.Equal(wanted, given) {
		errs = append(errs, fmt.Errorf("placeholders: the definition has %s; Functions and Values have %s", strings.Join(wanted, ", "), strings.Join(given, ", ")))
	}
	if _, ok := p.Functions[p.Worker]; !ok {
		errs = append(errs, fmt.Errorf("worker: given %q; allowed: the key of the function that is watched, one of %s", p.Worker, strings.Join(slices.Sorted(maps.Keys(p.Functions)), ", ")))
	}
	if p.Alarms.Topic != "" && (p.Alarms.Email != "" || p.Alarms.Key != "") {
		errs = append(errs, errors.New("alarms: given a topic and its email or key; allowed: those of a new topic only"))
	}
	if d.uses(list) && p.Source.Bucket == nil {
		errs = append(errs, fmt.Errorf("source: none is given, but a state uses %s", list))
	}
	if (d.uses(read) || d.uses(write)) && p.Work.Bucket == nil {
		errs = append(errs, fmt.Errorf("work: none is given, but a state reads or writes a bucket"))
	}
	for _, prefix := range d.results {
		if !strings.HasPrefix(prefix+"/", p.Work.Prefix) { // the writer adds the slash
			errs = append(errs, fmt.Errorf("work: results go to %q, which the role may not write to; allowed: what starts with %q", prefix, p.Work.Prefix))
		}
	}
	if d.uses(list) && d.uses(write) && p.Source.Overlaps(p.Work) {
		errs = append(errs, fmt.Errorf("work: results under %q would be listed as items under %q; allowed: another bucket, or prefixes of which neither starts with the other", p.Work.Prefix, p.Source.Prefix))
	}
	for _, resource := range d.resources {
		if _, ok := p.Allow[resource]; !ok && !slices.Contains([]string{invoke, list, read, write}, resource) {
			errs = append(errs, fmt.Errorf("allow: a state uses %s; say what that needs", resource))
		}
	}
	for _, resource := range slices.Sorted(maps.Keys(p.Allow)) {
		if !d.uses(resource) {
			errs = append(errs, fmt.Errorf("allow: no state uses %s", resource))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return d, fmt.Errorf("job %s: %w", p.Name, err)
	}
	return d, nil
}
