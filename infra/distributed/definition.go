package distributed

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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

// definition is what a machine's role follows from.
type definition struct {
	labels    []string // of Distributed Maps, sorted
	resources []string // that states name, sorted, each once
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
	given := slices.Sorted(maps.Keys(p.Functions))
	for name := range p.Values {
		given = append(given, name)
	}
	slices.Sort(given)
	if wanted := statemachine.Placeholders(p.Definition); !slices.Equal(wanted, given) {
		errs = append(errs, fmt.Errorf("placeholders: the definition has %s; Functions and Values have %s", strings.Join(wanted, ", "), strings.Join(given, ", ")))
	}
	if _, ok := p.Functions[p.Worker]; !ok {
		errs = append(errs, fmt.Errorf("worker: %q is none of the functions", p.Worker))
	}
	if d.uses(list) && p.Source.Bucket == nil {
		errs = append(errs, fmt.Errorf("source: none is given, but a state uses %s", list))
	}
	if (d.uses(read) || d.uses(write)) && p.Work.Bucket == nil {
		errs = append(errs, fmt.Errorf("work: none is given, but a state reads or writes a bucket"))
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
