package asl

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// choice takes the first rule that holds.
type choice struct {
	rules       []choiceRule
	defaultNext string
}

type choiceRule struct {
	when condition
	next string
}

// condition is a comparison, or And, Or and Not of some.
type condition interface {
	holds(input any, c *contextObject) (bool, error)
}

func (k *choice) run(_ context.Context, c *contextObject, input any) (any, string, error) {
	for _, rule := range k.rules {
		ok, err := rule.when.holds(input, c)
		if err != nil {
			return nil, "", err
		}
		if ok {
			return input, rule.next, nil
		}
	}
	if k.defaultNext == "" {
		return nil, "", failure(errorNoChoice, "no rule of state %q holds, and it has no Default", c.state)
	}
	return input, k.defaultNext, nil
}

// junction is And (every) or Or.
type junction struct {
	every      bool
	conditions []condition
}

func (j junction) holds(input any, c *contextObject) (bool, error) {
	for _, k := range j.conditions {
		ok, err := k.holds(input, c)
		if err != nil || ok != j.every {
			return ok, err
		}
	}
	return j.every, nil
}

type negation struct{ condition condition }

func (n negation) holds(input any, c *contextObject) (bool, error) {
	ok, err := n.condition.holds(input, c)
	return !ok, err
}

// comparison compares what stands at variable with a constant or with what stands at a path.
type comparison struct {
	variable *path
	operator string
	compare  func(got, want any) bool
	want     any
	wantPath *path
}

func (k *comparison) holds(input any, c *contextObject) (bool, error) {
	got, found := k.variable.get(input, c)
	if k.operator == "IsPresent" {
		return found == k.want, nil
	}
	if !found {
		return false, failure(errorRuntime, "Variable: %s leads nowhere in the input", k.variable.text) // A17
	}
	want := k.want
	if k.wantPath != nil {
		var err error
		if want, err = k.wantPath.find(input, c, k.operator+"Path"); err != nil {
			return false, err
		}
	}
	return k.compare(got, want), nil
}

func (p *parser) choice(f *fields, s *state) action {
	k := &choice{}
	if !f.has("Choices") {
		p.problem(f.at("Choices"), "is missing")
	}
	for i, v := range f.list("Choices") {
		r, ok := p.object(v, element(f.at("Choices"), i))
		if !ok {
			continue
		}
		rule := choiceRule{when: p.condition(r, true), next: r.required("Next")}
		s.edges = append(s.edges, edge{rule.next, r.at("Next")})
		k.rules = append(k.rules, rule)
	}
	if f.has("Default") {
		k.defaultNext = f.required("Default")
		s.edges = append(s.edges, edge{k.defaultNext, f.at("Default")})
	}
	return k
}

// condition parses a rule of a Choice; only those at the top have Next and Comment.
func (p *parser) condition(f *fields, top bool) condition {
	extra := []string{}
	if top {
		extra = append(extra, "Next", "Comment")
	}
	switch {
	case f.has("And"), f.has("Or"):
		f.allow(append(extra, "And", "Or")...)
		f.exclusive(true, "And", "Or")
		j := junction{every: f.has("And")}
		name := "Or"
		if j.every {
			name = "And"
		}
		for i, v := range f.list(name) {
			if inner, ok := p.object(v, element(f.at(name), i)); ok {
				j.conditions = append(j.conditions, p.condition(inner, false))
			}
		}
		return j
	case f.has("Not"):
		f.allow(append(extra, "Not")...)
		if inner, ok := f.object("Not"); ok {
			return negation{p.condition(inner, false)}
		}
		return junction{}
	}
	return p.comparison(f, extra)
}

func (p *parser) comparison(f *fields, extra []string) condition {
	if !f.has("Variable") {
		p.problem(f.at("Variable"), "is missing")
	}
	k := &comparison{variable: f.path("Variable")}
	var found []string
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		base := strings.TrimSuffix(key, "Path")
		op, known := operatorNamed(base)
		if !known || base != key && op.constantOnly {
			continue
		}
		found = append(found, key)
		k.operator, k.compare = base, op.compare
		if base != key {
			k.wantPath = f.path(key)
			continue
		}
		if k.want = f.values[key]; !op.accepts(k.want) {
			p.problem(f.at(key), "the value does not fit the operator")
		}
	}
	f.allow(slices.Concat(extra, []string{"Variable"}, found)...)
	if len(found) != 1 {
		p.problem(f.place, "needs exactly one comparison operator, has %d", len(found))
	}
	return k
}
