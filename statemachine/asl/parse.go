package asl

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// Parse reads a state machine. It refuses whatever it does not know or cannot run, by name and place
// ("States.EachShard.ItemReader.Foo"), and joins all that it finds into one error.
//
// ${Placeholder} strings may stand in Comments and in the Parameters of Tasks, so that a file can be
// checked as it is stored; everywhere else they are refused, and Run refuses a machine that has any.
func Parse(definition []byte) (*Machine, error) {
	p := &parser{names: map[string]string{}, labels: map[string]string{}}
	root, err := p.decode(definition)
	if err != nil {
		return nil, fmt.Errorf("parse state machine: %w", err)
	}
	m := p.machine(root)
	if len(p.problems) > 0 {
		return nil, errors.Join(p.problems...)
	}
	return m, nil
}

// parser collects every problem of a definition.
type parser struct {
	problems     []error
	placeholders []string
	names        map[string]string // state name to the place that defines it
	labels       map[string]string

	// Where the parser stands: what surrounds decides what is allowed.
	item  bool // $$.Map.Item exists
	child bool // inside the child execution of a Map Run
}

func (p *parser) problem(place, format string, args ...any) {
	p.problems = append(p.problems, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (p *parser) machine(root any) *Machine {
	f, ok := p.object(root, "")
	if !ok {
		return nil
	}
	p.findPlaceholders(root, "", false)
	f.allow("Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version")
	f.oneOf("QueryLanguage", "JSONPath")
	f.oneOf("Version", "1.0")
	m := &Machine{graph: p.graph(f)}
	if seconds, ok := f.integer("TimeoutSeconds", 1, maxSeconds); ok {
		m.timeout = time.Duration(seconds) * time.Second
	}
	slices.Sort(p.placeholders)
	m.placeholders = slices.Compact(p.placeholders)
	return m
}

// graph parses StartAt and States of a machine or of an ItemProcessor.
func (p *parser) graph(f *fields) *graph {
	g := &graph{states: map[string]*state{}}
	states, ok := f.object("States")
	if !ok {
		return g
	}
	names := slices.Sorted(maps.Keys(states.values))
	for _, name := range names {
		place := member(states.place, name)
		if first, taken := p.names[name]; taken {
			p.problem(place, "another state has this name: %s", first)
		}
		p.names[name] = place
		if len([]rune(name)) > 80 {
			p.problem(place, "the name has more than 80 characters")
		}
		g.states[name] = p.state(name, states.values[name], place)
	}
	if g.startAt = f.required("StartAt"); g.startAt != "" && g.states[g.startAt] == nil {
		p.problem(f.at("StartAt"), "there is no state %q beside it", g.startAt)
	}
	p.checkEdges(g, states.place, names)
	return g
}

// checkEdges looks for targets that do not exist and for states that nothing leads to.
func (p *parser) checkEdges(g *graph, place string, names []string) {
	reached := map[string]bool{}
	for todo := []string{g.startAt}; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if reached[name] || g.states[name] == nil {
			continue
		}
		reached[name] = true
		for _, e := range g.states[name].edges {
			todo = append(todo, e.target)
		}
	}
	for _, name := range names {
		for _, e := range g.states[name].edges {
			if g.states[e.target] == nil {
				p.problem(e.place, "there is no state %q beside it", e.target)
			}
		}
		if !reached[name] && g.states[g.startAt] != nil {
			p.problem(member(place, name), "nothing leads to this state")
		}
	}
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z][A-Za-z0-9.:]*)\}`)

// findPlaceholders notes ${Name} where it may stand, and refuses it elsewhere.
func (p *parser) findPlaceholders(v any, place string, allowed bool) {
	switch v := v.(type) {
	case string:
		for _, match := range placeholder.FindAllStringSubmatch(v, -1) {
			if allowed {
				p.placeholders = append(p.placeholders, match[1])
			} else {
				p.problem(place, "no value was substituted for %s", match[0])
			}
		}
	case []any:
		for i, e := range v {
			p.findPlaceholders(e, element(place, i), allowed)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if key == "Comment" && (v["Type"] != nil || v["States"] != nil || v["Next"] != nil || v["ErrorEquals"] != nil) {
				continue
			}
			p.findPlaceholders(key, member(place, key), false)
			p.findPlaceholders(v[key], member(place, key), allowed || key == "Parameters" && v["Type"] == "Task")
		}
	}
}

func member(place, name string) string {
	if place == "" {
		return name
	}
	return place + "." + name
}

func element(place string, i int) string { return place + "[" + strconv.Itoa(i) + "]" }
