package job

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fields reads one JSON object member by member. It gathers every problem instead of stopping at
// the first, and names each by its full path.
type fields struct {
	path     string
	raw      map[string]json.RawMessage
	known    []string
	problems *[]Problem
}

// objectFields opens data as a JSON object found at path ("" for the input itself).
func objectFields(path string, data []byte, problems *[]Problem) *fields {
	f := &fields{path: path, problems: problems}
	if err := json.Unmarshal(data, &f.raw); err != nil || f.raw == nil {
		f.raw = nil
		where := path
		if where == "" {
			where = "the run input"
		}
		*problems = append(*problems, Problem{where, clip(data), "a JSON object, {} at the least" + syntax(err)})
	}
	return f
}

func syntax(err error) string {
	if s, ok := err.(*json.SyntaxError); ok {
		return fmt.Sprintf(" (%s at byte %d)", s.Error(), s.Offset)
	}
	return ""
}

// take returns the member called name, or nil where it is absent or null.
func (f *fields) take(name string) json.RawMessage {
	f.known = append(f.known, name)
	raw := f.raw[name]
	if string(raw) == "null" {
		return nil
	}
	return raw
}

func (f *fields) has(name string) bool {
	raw, ok := f.raw[name]
	return ok && string(raw) != "null"
}

func (f *fields) name(member string) string {
	if f.path == "" {
		return member
	}
	return f.path + "." + member
}

func (f *fields) refuse(member string, given []byte, allowed string) {
	*f.problems = append(*f.problems, Problem{f.name(member), clip(given), allowed})
}

// text reads a string. It says whether there is one: what is absent or refused needs no further check.
func (f *fields) text(name string, target *string, allowed string) bool {
	raw := f.take(name)
	if raw != nil && json.Unmarshal(raw, target) != nil {
		f.refuse(name, raw, allowed)
		return false
	}
	return raw != nil
}

func (f *fields) flag(name string, target *bool) {
	raw := f.take(name)
	if raw != nil && json.Unmarshal(raw, target) != nil {
		f.refuse(name, raw, "true or false")
	}
}

func (f *fields) whole(name string, target *int, low, high int) {
	var wide int64
	if f.has(name) {
		f.whole64(name, &wide, int64(low), int64(high))
		*target = int(wide)
		return
	}
	f.take(name)
}

func (f *fields) whole64(name string, target *int64, low, high int64) {
	raw := f.take(name)
	if raw == nil {
		return
	}
	allowed := fmt.Sprintf("a whole number from %d to %d", low, high)
	if high == math.MaxInt64 {
		allowed = fmt.Sprintf("a whole number from %d up", low)
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		f.refuse(name, raw, allowed)
		return
	}
	*target = n
}

func (f *fields) number(name string, target *float64, low, high float64) {
	raw := f.take(name)
	if raw == nil {
		return
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || n < low || n > high {
		f.refuse(name, raw, fmt.Sprintf("a number from %v to %v", low, high))
		return
	}
	*target = n
}

func (f *fields) moment(name string, target *time.Time) {
	raw := f.take(name)
	if raw == nil {
		return
	}
	var s string
	if json.Unmarshal(raw, &s) == nil {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil {
				*target = t
				return
			}
		}
	}
	f.refuse(name, raw, "a time such as 2026-11-02T15:04:05Z, or a date such as 2026-11-02 (UTC)")
}

// texts reads a list of strings. It says whether there is one.
func (f *fields) texts(name string, target *[]string, allowed string) bool {
	raw := f.take(name)
	if raw == nil {
		return false
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		f.refuse(name, raw, allowed)
		return false
	}
	*target = list
	return true
}

// oneOf reads a string that must be one of the allowed values.
func oneOf[T ~string](f *fields, name string, target *T, allowed ...T) {
	raw := f.take(name)
	if raw == nil {
		return
	}
	var s T
	if json.Unmarshal(raw, &s) != nil || !slices.Contains(allowed, s) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = strconv.Quote(string(a))
		}
		f.refuse(name, raw, strings.Join(words, ", "))
		return
	}
	*target = s
}

// end refuses every member that nobody has taken.
func (f *fields) end() {
	for _, name := range slices.Sorted(maps.Keys(f.raw)) {
		if !slices.Contains(f.known, name) {
			f.refuse(clip([]byte(name)), f.raw[name], "no such field; the fields are "+strings.Join(slices.Sorted(slices.Values(f.known)), ", "))
		}
	}
}

// clip shortens what was given, for a message.
func clip(given []byte) string {
	const limit = 80
	given = bytes.TrimSpace(given)
	if len(given) == 0 {
		return "nothing"
	}
	if len(given) <= limit {
		return string(given)
	}
	return strings.ToValidUTF8(string(given[:limit]), "") + "…"
}
