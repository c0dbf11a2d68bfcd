package config

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
)

// allows says what a value of JSON may be, or nothing if it may be the given one.
type allows func(value any) (allowed string)

// object reads an object of JSON whose members are known, and refuses each that is not, or that is what it
// may not be. A member that is null is as good as absent. It returns nil if it refused anything.
func (v *validator) object(key string, value any, known map[string]allows) map[string]any {
	given, ok := value.(map[string]any)
	if !ok {
		v.refuse(key, value, "a JSON object")
		return nil
	}
	given = maps.Clone(given)
	maps.DeleteFunc(given, func(_ string, member any) bool { return member == nil })
	before := len(v.errs)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if allow, ok := known[name]; !ok {
			v.refuse(key, name, "of members "+strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		} else if allowed := allow(given[name]); allowed != "" {
			v.refuse(key+"."+name, given[name], allowed)
		}
	}
	if len(v.errs) > before {
		return nil
	}
	return given
}

func aString(value any) string {
	if _, ok := value.(string); !ok {
		return "a string"
	}
	return ""
}

func trueOrFalse(value any) string {
	if _, ok := value.(bool); !ok {
		return "true, false"
	}
	return ""
}

func anObject(value any) string {
	if _, ok := value.(map[string]any); !ok {
		return "a JSON object"
	}
	return ""
}

func oneOf(words ...string) allows {
	return func(value any) string {
		if word, ok := value.(string); !ok || !slices.Contains(words, word) {
			return strings.Join(words, ", ")
		}
		return ""
	}
}

func matching(pattern *regexp.Regexp, allowed string) allows {
	return func(value any) string {
		if text, ok := value.(string); !ok || !pattern.MatchString(text) {
			return allowed
		}
		return ""
	}
}

func startingWith(prefix string) allows {
	return func(value any) string {
		if text, ok := value.(string); !ok || !strings.HasPrefix(text, prefix) {
			return fmt.Sprintf("a string that starts with sourcePrefix, %q", prefix)
		}
		return ""
	}
}

func whole(low, high int) allows {
	return func(value any) string {
		if n, ok := value.(float64); !ok || n != math.Trunc(n) || n < float64(low) || n > float64(high) {
			return fmt.Sprintf("%d to %d", low, high)
		}
		return ""
	}
}

func between(low, high float64) allows {
	return func(value any) string {
		if n, ok := value.(float64); !ok || n < low || n > high {
			if low == 0 {
				return fmt.Sprintf("0 to %.0f", high)
			}
			return fmt.Sprintf("above 0, up to %.0f", high)
		}
		return ""
	}
}

func listOfUpTo(most int) allows {
	return func(value any) string {
		if list, ok := value.([]any); !ok || len(list) == 0 || len(list) > most {
			return fmt.Sprintf("a list of 1 to %d", most)
		}
		return ""
	}
}
