package fields

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Text reads a string. It says whether there is one: what is absent or refused needs no further check.
func (o *Object) Text(name string, target *string, allowed string) bool {
	raw := o.Take(name)
	if raw != nil && json.Unmarshal(raw, target) != nil {
		o.Refuse(name, raw, allowed)
		return false
	}
	return raw != nil
}

// ShortText reads a string of at most so many bytes; an empty one is as good as none. It says whether there
// is one to go by.
func (o *Object) ShortText(name string, target *string, most int, what string) bool {
	raw := o.Take(name)
	if raw == nil {
		return false
	}
	var s string
	if json.Unmarshal(raw, &s) != nil || len(s) > most {
		o.Refuse(name, raw, fmt.Sprintf("%s of at most %d bytes", what, most))
		return false
	}
	*target = s
	return s != ""
}

// Texts reads a list of strings. It says whether there is one.
func (o *Object) Texts(name string, target *[]string, allowed string) bool {
	raw := o.Take(name)
	if raw == nil {
		return false
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		o.Refuse(name, raw, allowed)
		return false
	}
	*target = list
	return true
}

// Flag reads true or false.
func (o *Object) Flag(name string, target *bool) {
	if raw := o.Take(name); raw != nil && json.Unmarshal(raw, target) != nil {
		o.Refuse(name, raw, "true or false")
	}
}

// Whole reads a whole number within bounds.
func (o *Object) Whole(name string, target *int, low, high int) {
	wide := int64(*target)
	o.Whole64(name, &wide, int64(low), int64(high))
	*target = int(wide)
}

// Whole64 reads a whole number within bounds; math.MaxInt64 is none.
func (o *Object) Whole64(name string, target *int64, low, high int64) {
	raw := o.Take(name)
	if raw == nil {
		return
	}
	allowed := fmt.Sprintf("a whole number from %d to %d", low, high)
	if high == math.MaxInt64 {
		allowed = fmt.Sprintf("a whole number from %d up", low)
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || n < low || n > high {
		o.Refuse(name, raw, allowed)
		return
	}
	*target = n
}

// Number reads a number within bounds.
func (o *Object) Number(name string, target *float64, low, high float64) {
	raw := o.Take(name)
	if raw == nil {
		return
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || n < low || n > high {
		o.Refuse(name, raw, fmt.Sprintf("a number from %v to %v", low, high))
		return
	}
	*target = n
}

// Duration reads a text with its unit: a bare number could be seconds or milliseconds.
func (o *Object) Duration(name string, target *time.Duration, low, high time.Duration) {
	raw := o.Take(name)
	if raw == nil {
		return
	}
	var s string
	err := json.Unmarshal(raw, &s)
	d, bad := time.ParseDuration(s)
	if err != nil || bad != nil || d < low || d > high {
		o.Refuse(name, raw, fmt.Sprintf("a duration with its unit, such as \"500ms\" or \"2.5s\", from %v to %v", low, high))
		return
	}
	*target = d
}

// Moment reads a time, or a date.
func (o *Object) Moment(name string, target *time.Time) {
	raw := o.Take(name)
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
	o.Refuse(name, raw, "a time such as 2026-11-02T15:04:05Z, or a date such as 2026-11-02 (UTC)")
}

// OneOf reads a string that must be one of the allowed values.
func OneOf[T ~string](o *Object, name string, target *T, allowed ...T) {
	raw := o.Take(name)
	if raw == nil {
		return
	}
	var s T
	if json.Unmarshal(raw, &s) != nil || !slices.Contains(allowed, s) {
		words := make([]string, len(allowed))
		for i, a := range allowed {
			words[i] = strconv.Quote(string(a))
		}
		o.Refuse(name, raw, strings.Join(words, ", "))
		return
	}
	*target = s
}
