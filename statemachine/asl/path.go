package asl

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// path is a reference path: $ or $$ and then names and indices, naming one place (A02).
type path struct {
	text    string
	context bool // $$: into the context object
	steps   []step
	item    bool // begins with $$.Map.Item.Value
}

// step goes to a member of an object, or to an element of an array.
type step struct {
	name  string
	index int // -1: a member
}

// parsePath reads "$.a['b c'][0]"; wildcards, slices, filters and functions are refused.
func parsePath(text string) (*path, error) {
	p := &path{text: text}
	rest, ok := strings.CutPrefix(text, "$")
	if !ok {
		return nil, fmt.Errorf("path %q does not begin with $", text)
	}
	if after, ok := strings.CutPrefix(rest, "$"); ok {
		p.context, rest = true, after
	}
	for rest != "" {
		var s step
		var err error
		switch rest[0] {
		case '.':
			s, rest, err = memberStep(rest[1:])
		case '[':
			s, rest, err = bracketStep(rest[1:])
		default:
			err = fmt.Errorf("%q is not expected", rest)
		}
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		p.steps = append(p.steps, s)
	}
	p.item = p.context && (text == itemValue || strings.HasPrefix(text, itemValue+".") || strings.HasPrefix(text, itemValue+"["))
	return p, nil
}

// itemValue is the path that a selector evaluates for every item: get has a short way for it.
const itemValue = "$$.Map.Item.Value"

func memberStep(rest string) (step, string, error) {
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	name := rest[:end]
	if name == "" {
		return step{}, "", fmt.Errorf("a name is missing (.. is not supported)")
	}
	if i := strings.IndexAny(name, "*?()@,:'\"]{}$ \t\r\n\\"); i >= 0 {
		return step{}, "", fmt.Errorf("%q is not supported in a name", name[i:i+1])
	}
	return step{name: name, index: -1}, rest[end:], nil
}

func bracketStep(rest string) (step, string, error) {
	if quote := rest; quote != "" && (quote[0] == '\'' || quote[0] == '"') {
		name, after, found := strings.Cut(rest[1:], rest[:1]+"]")
		if !found || name == "" || strings.ContainsAny(name, `\'"`) {
			return step{}, "", fmt.Errorf("%q is not a name in brackets", "["+rest)
		}
		return step{name: name, index: -1}, after, nil
	}
	digits, after, found := strings.Cut(rest, "]")
	index, err := strconv.ParseUint(digits, 10, 31)
	if !found || err != nil || digits[0] == '+' {
		return step{}, "", fmt.Errorf("%q is not an index", "["+rest)
	}
	return step{index: int(index)}, after, nil
}

// get returns what stands at the path, and whether anything does.
func (p *path) get(root any, c *contextObject) (any, bool) {
	steps := p.steps
	switch {
	case p.item && c.item != nil:
		root, steps = c.item.value, steps[3:]
	case p.context:
		root = c.object()
	}
	for _, s := range steps {
		if s.index >= 0 {
			list, ok := root.([]any)
			if !ok || s.index >= len(list) {
				return nil, false
			}
			root = list[s.index]
			continue
		}
		object, ok := root.(map[string]any)
		if !ok {
			return nil, false
		}
		if root, ok = object[s.name]; !ok {
			return nil, false
		}
	}
	return root, true
}

// find is get for a path that must lead somewhere; field names it in the error.
func (p *path) find(root any, c *contextObject, field string) (any, error) {
	v, ok := p.get(root, c)
	if !ok {
		return nil, failure(errorRuntime, "%s: %s leads nowhere in the input", field, p.text) // A13
	}
	return v, nil
}

// set returns root with value at the path. What is not on the path is shared with root, which stays
// as it is. Missing objects are made, as are objects in place of null (A03).
func (p *path) set(root, value any) (any, error) {
	return p.setFrom(p.steps, root, value)
}

func (p *path) setFrom(steps []step, root, value any) (any, error) {
	if len(steps) == 0 {
		return value, nil
	}
	if s := steps[0]; s.index >= 0 {
		list, ok := root.([]any)
		if !ok || s.index >= len(list) {
			return nil, failure(errorResultPath, "ResultPath %s: the input has no element %d there", p.text, s.index)
		}
		changed, err := p.setFrom(steps[1:], list[s.index], value)
		if err != nil {
			return nil, err
		}
		copied := append([]any(nil), list...)
		copied[s.index] = changed
		return copied, nil
	}
	object, ok := root.(map[string]any)
	if !ok && root != nil {
		return nil, failure(errorResultPath, "ResultPath %s: the input has no object to hold %q", p.text, steps[0].name)
	}
	changed, err := p.setFrom(steps[1:], object[steps[0].name], value)
	if err != nil {
		return nil, err
	}
	copied := make(map[string]any, len(object)+1)
	maps.Copy(copied, object)
	copied[steps[0].name] = changed
	return copied, nil
}
