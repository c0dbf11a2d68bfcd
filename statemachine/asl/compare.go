package asl

import (
	"cmp"
	"strings"
	"time"
)

// operator is a comparison operator of a Choice; a value of another type than it compares does not
// match, and is no error.
type operator struct {
	accepts      func(want any) bool // may the constant be this?
	compare      func(got, want any) bool
	constantOnly bool // has no Path form
}

// operatorNamed returns the operator without its Path ending.
func operatorNamed(name string) (operator, bool) {
	switch name {
	case "IsPresent":
		return operator{isBool, nil, true}, true
	case "IsNull":
		return typeTest(func(v any) bool { return v == nil }), true
	case "IsNumeric":
		return typeTest(isNumber), true
	case "IsString":
		return typeTest(isString), true
	case "IsBoolean":
		return typeTest(isBool), true
	case "IsTimestamp":
		return typeTest(isInstant), true
	case "BooleanEquals":
		return operator{isBool, func(got, want any) bool { return isBool(got) && got == want }, false}, true
	case "StringMatches":
		return operator{isString, wildcardMatch, true}, true
	}
	for _, family := range []string{"String", "Numeric", "Timestamp"} {
		if relation, ok := strings.CutPrefix(name, family); ok {
			if holds := relationNamed(relation); holds != nil {
				return ordered(family, holds), true
			}
		}
	}
	return operator{}, false
}

func relationNamed(name string) func(order int) bool {
	switch name {
	case "Equals":
		return func(order int) bool { return order == 0 }
	case "LessThan":
		return func(order int) bool { return order < 0 }
	case "LessThanEquals":
		return func(order int) bool { return order <= 0 }
	case "GreaterThan":
		return func(order int) bool { return order > 0 }
	case "GreaterThanEquals":
		return func(order int) bool { return order >= 0 }
	}
	return nil
}

func ordered(family string, holds func(int) bool) operator {
	switch family {
	case "String":
		return operator{isString, comparing(func(v any) (string, bool) { s, ok := v.(string); return s, ok }, cmp.Compare[string], holds), false}
	case "Numeric":
		return operator{isNumber, comparing(number, cmp.Compare[float64], holds), false}
	}
	return operator{isInstant, comparing(instant, time.Time.Compare, holds), false}
}

func comparing[T any](as func(any) (T, bool), compare func(a, b T) int, holds func(int) bool) func(got, want any) bool {
	return func(got, want any) bool {
		a, okA := as(got)
		b, okB := as(want)
		return okA && okB && holds(compare(a, b))
	}
}

func typeTest(is func(any) bool) operator {
	return operator{isBool, func(got, want any) bool { return is(got) == want }, true}
}

func isBool(v any) bool    { _, ok := v.(bool); return ok }
func isString(v any) bool  { _, ok := v.(string); return ok }
func isNumber(v any) bool  { _, ok := number(v); return ok }
func isInstant(v any) bool { _, ok := instant(v); return ok }

// wildcardMatch is StringMatches: * stands for any characters, \* and \\ for themselves.
func wildcardMatch(got, want any) bool {
	text, ok := got.(string)
	pattern, okPattern := want.(string)
	if !ok || !okPattern {
		return false
	}
	parts := wildcardParts(pattern)
	if len(parts) == 1 {
		return text == parts[0]
	}
	text, ok = strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, last)
}

// wildcardParts splits a pattern at its wildcards.
func wildcardParts(pattern string) []string {
	var parts []string
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern) && (pattern[i+1] == '*' || pattern[i+1] == '\\'):
			i++
			b.WriteByte(pattern[i])
		case pattern[i] == '*':
			parts = append(parts, b.String())
			b.Reset()
		default:
			b.WriteByte(pattern[i])
		}
	}
	return append(parts, b.String())
}
