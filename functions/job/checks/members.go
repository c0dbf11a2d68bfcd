package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"mapfleet/functions/job"
)

// members reads one JSON object member by member, gathers every problem instead of stopping at the
// first, and names each by its full path.
type members struct {
	path     string
	raw      map[string]json.RawMessage
	known    []string
	problems *[]job.Problem
}

func (m *members) refuse(name string, given []byte, allowed string) {
	if m.path != "" {
		name = m.path + "." + name
	}
	*m.problems = append(*m.problems, job.Problem{Field: name, Given: clip(given), Allowed: allowed})
}

// take returns the member called name, or nil where it is absent or null.
func (m *members) take(name string) json.RawMessage {
	m.known = append(m.known, name)
	if raw := m.raw[name]; string(raw) != "null" {
		return raw
	}
	return nil
}

// within opens the object that is the member called name; a missing one is empty.
func (m *members) within(name string) *members {
	inner := &members{path: name, problems: m.problems}
	if raw := m.take(name); raw != nil && json.Unmarshal(raw, &inner.raw) != nil {
		m.refuse(name, raw, "a JSON object")
	}
	return inner
}

// text reads a string of at most so many bytes; an empty one is as good as none. It says whether there is
// one to go by.
func (m *members) text(name string, target *string, most int, what string) bool {
	raw := m.take(name)
	if raw == nil {
		return false
	}
	var s string
	if json.Unmarshal(raw, &s) != nil || len(s) > most {
		m.refuse(name, raw, fmt.Sprintf("%s of at most %d bytes", what, most))
		return false
	}
	*target = s
	return s != ""
}

func (m *members) flag(name string, target *bool) {
	if raw := m.take(name); raw != nil && json.Unmarshal(raw, target) != nil {
		m.refuse(name, raw, "true or false")
	}
}

func (m *members) whole(name string, target *int64, low, high int64) {
	raw := m.take(name)
	if raw == nil {
		return
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		m.refuse(name, raw, fmt.Sprintf("a whole number from %d to %d", low, high))
		return
	}
	*target = n
}

// duration reads a text with its unit: a bare number could be seconds or milliseconds.
func (m *members) duration(name string, target *time.Duration, low, high time.Duration) {
	raw := m.take(name)
	if raw == nil {
		return
	}
	var s string
	err := json.Unmarshal(raw, &s)
	d, bad := time.ParseDuration(s)
	if err != nil || bad != nil || d < low || d > high {
		m.refuse(name, raw, fmt.Sprintf("a duration with its unit, such as \"500ms\" or \"2.5s\", from %v to %v", low, high))
		return
	}
	*target = d
}

// oneOf reads a string that must be one of the allowed values.
func oneOf[T ~string](m *members, name string, target *T, allowed ...T) {
	raw := m.take(name)
	if raw == nil {
		return
	}
	var s T
	if json.Unmarshal(raw, &s) != nil || !slices.Contains(allowed, s) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = strconv.Quote(string(a))
		}
		m.refuse(name, raw, strings.Join(words, ", "))
		return
	}
	*target = s
}

// end refuses every member that nobody has taken.
func (m *members) end() {
	for _, name := range slices.Sorted(maps.Keys(m.raw)) {
		if !slices.Contains(m.known, name) {
			m.refuse(clip([]byte(name)), m.raw[name], "no such field; the fields are "+strings.Join(slices.Sorted(slices.Values(m.known)), ", "))
		}
	}
}

// clip shortens what was given, for a message.
func clip(given []byte) string {
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
