package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxSeconds is the largest number of seconds that AWS accepts (A07).
const maxSeconds = 99_999_999

// fields reads the members of one JSON object of a definition and reports what is wrong with them.
type fields struct {
	p      *parser
	place  string
	values map[string]any
}

func (p *parser) object(v any, place string) (*fields, bool) {
	values, ok := v.(map[string]any)
	if !ok {
		p.problem(place, "is not an object")
	}
	return &fields{p: p, place: place, values: values}, ok
}

func (f *fields) at(name string) string { return member(f.place, name) }

func (f *fields) has(name string) bool {
	_, ok := f.values[name]
	return ok
}

// allow refuses every member that is not among names.
func (f *fields) allow(names ...string) {
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		if !slices.Contains(names, key) {
			f.p.problem(f.at(key), "unknown field; allowed here: %s", strings.Join(names, ", "))
		}
	}
}

func (f *fields) object(name string) (*fields, bool) {
	if !f.has(name) {
		f.p.problem(f.at(name), "is missing")
		return &fields{p: f.p, place: f.at(name)}, false
	}
	return f.p.object(f.values[name], f.at(name))
}

func (f *fields) list(name string) []any {
	list, ok := f.values[name].([]any)
	if f.has(name) && (!ok || len(list) == 0) {
		f.p.problem(f.at(name), "is not an array that holds something")
	}
	return list
}

func (f *fields) text(name string) (string, bool) {
	text, ok := f.values[name].(string)
	if f.has(name) && !ok {
		f.p.problem(f.at(name), "is not a string")
	}
	return text, ok
}

// required is a string that must be there and hold something.
func (f *fields) required(name string) string {
	text, ok := f.text(name)
	if !f.has(name) {
		f.p.problem(f.at(name), "is missing")
	} else if ok && text == "" {
		f.p.problem(f.at(name), "is empty")
	}
	return text
}

// oneOf is an optional string out of values; the first is the default.
func (f *fields) oneOf(name string, values ...string) string {
	if !f.has(name) {
		return values[0]
	}
	text, ok := f.text(name)
	if ok && !slices.Contains(values, text) {
		f.p.problem(f.at(name), "%q is not supported; supported: %s", text, strings.Join(values, ", "))
	}
	return text
}

// exclusive refuses an object that has more than one of names, or none if one is needed.
func (f *fields) exclusive(needed bool, names ...string) {
	var found []string
	for _, name := range names {
		if f.has(name) {
			found = append(found, name)
		}
	}
	if len(found) > 1 {
		f.p.problem(f.place, "has both %s; one is allowed", strings.Join(found, " and "))
	}
	if len(found) == 0 && needed {
		f.p.problem(f.place, "needs one of %s", strings.Join(names, ", "))
	}
}

func (f *fields) number(name string, low, high float64) (float64, bool) {
	if !f.has(name) {
		return 0, false
	}
	n, ok := f.values[name].(json.Number)
	if !ok {
		f.p.problem(f.at(name), "is not a number")
		return 0, false
	}
	v, ok := number(n)
	if !ok || v < low || v > high {
		f.p.problem(f.at(name), "%s is not within %s to %s", n, digits(low), digits(high))
		return 0, false
	}
	return v, true
}

func (f *fields) integer(name string, low, high int64) (int64, bool) {
	v, ok := f.number(name, float64(low), float64(high))
	if ok && v != float64(int64(v)) {
		f.p.problem(f.at(name), "%v is not a whole number", f.values[name])
		return 0, false
	}
	return int64(v), ok
}

// path is a field that holds a path; nil if it is absent.
func (f *fields) path(name string) *path {
	text, ok := f.text(name)
	if !ok {
		return nil
	}
	p, err := parsePath(text)
	if err != nil {
		f.p.problem(f.at(name), "%v", err)
		return nil
	}
	f.p.checkContextUse(p, f.at(name))
	return p
}

// selector is InputPath, OutputPath or ResultPath: a path, or null, or absent for the whole.
func (f *fields) selector(name string) selector {
	if !f.has(name) {
		return selector{}
	}
	if f.values[name] == nil {
		return selector{none: true}
	}
	s := selector{path: f.path(name)}
	if name == "ResultPath" && s.path != nil && s.path.context {
		f.p.problem(f.at(name), "%s: the context object is not changed", s.path.text)
	}
	return s
}

// template is a payload template; nil if it is absent.
func (f *fields) template(name string) expression {
	if !f.has(name) {
		return nil
	}
	return f.p.template(f.values[name], f.at(name))
}

func digits(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0") }
