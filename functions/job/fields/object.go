// Package fields reads JSON objects that people write. An Object hands out its fields one by one, gathers a
// Problem for everything that is wrong instead of stopping at the first, and refuses at its end what nobody
// has asked for.
package fields

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Problem is one thing that is wrong in an input: where it stands, what was given, what is allowed.
type Problem struct {
	Field, Given, Allowed string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s: given %s; allowed: %s", p.Field, p.Given, p.Allowed)
}

// Object is one JSON object that is being read.
type Object struct {
	Path     string // of the object, before the names of its fields; "" for the input itself
	Raw      map[string]json.RawMessage
	Problems *[]Problem // where everything wrong goes
	// Quote says of what was given as much as a message may tell; nil is Clip.
	Quote func(name string, given []byte) string

	known []string
}

// Read opens data as the JSON object at path. Where it is none, that is a problem, and Raw is nil.
func Read(path string, data []byte, problems *[]Problem) *Object {
	o := &Object{Path: path, Problems: problems}
	if err := json.Unmarshal(data, &o.Raw); err != nil || o.Raw == nil {
		o.Raw = nil
		where := path
		if where == "" {
			where = "the run input"
		}
		*problems = append(*problems, Problem{where, Clip(data), "a JSON object, {} at the least" + Syntax(err)})
	}
	return o
}

// Syntax says where JSON breaks off, in brackets behind a blank; "" of any other error.
func Syntax(err error) string {
	if s, ok := err.(*json.SyntaxError); ok {
		return fmt.Sprintf(" (%s at byte %d)", s.Error(), s.Offset)
	}
	return ""
}

// Within opens the object that is a field; a missing one is empty.
func (o *Object) Within(name string) *Object {
	inner := &Object{Path: o.Name(name), Problems: o.Problems, Quote: o.Quote}
	if raw := o.Take(name); raw != nil && json.Unmarshal(raw, &inner.Raw) != nil {
		o.Refuse(name, raw, "a JSON object")
	}
	return inner
}

// Take returns a field, or nil where it is absent or null.
func (o *Object) Take(name string) json.RawMessage {
	o.known = append(o.known, name)
	if raw := o.Raw[name]; string(raw) != "null" {
		return raw
	}
	return nil
}

// Has says whether a field is there, and not null.
func (o *Object) Has(name string) bool {
	raw, ok := o.Raw[name]
	return ok && string(raw) != "null"
}

// Name returns the full path of a field.
func (o *Object) Name(field string) string {
	if o.Path == "" {
		return field
	}
	return o.Path + "." + field
}

// Refuse says that what a field gives is wrong.
func (o *Object) Refuse(field string, given []byte, allowed string) {
	if o.Quote != nil {
		o.Say(field, o.Quote(field, given), allowed)
		return
	}
	o.Say(field, Clip(given), allowed)
}

// Say is Refuse with what was given in words, which stand as they are.
func (o *Object) Say(field, given, allowed string) {
	*o.Problems = append(*o.Problems, Problem{o.Name(field), given, allowed})
}

// End refuses every field that nobody has taken.
func (o *Object) End() {
	for _, name := range slices.Sorted(maps.Keys(o.Raw)) {
		if !slices.Contains(o.known, name) {
			o.Refuse(Clip([]byte(name)), o.Raw[name], "no such field; the fields are "+strings.Join(slices.Sorted(slices.Values(o.known)), ", "))
		}
	}
}

// Clip shortens what was given, for a message.
func Clip(given []byte) string {
	const limit = 80
	given = bytes.TrimSpace(given)
	switch {
	case len(given) == 0:
		return "nothing"
	case len(given) <= limit:
		return strings.ToValidUTF8(string(given), "\uFFFD")
	}
	return strings.ToValidUTF8(string(given[:limit]), "") + "…"
}
