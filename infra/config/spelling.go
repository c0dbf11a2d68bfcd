package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

var word = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// refuseUnknown refuses keys of values that look like ours: those that ours says, and other spellings of
// a key (source-bucket). All of CDK's own in a context hold a colon, a slash or a hyphen.
func (r *reader) refuseUnknown(where string, values map[string]any, ours func(string) bool) {
	meant := map[string]string{}
	for _, key := range r.known {
		meant[fold(key)] = key
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		near := meant[fold(key)]
		if near == "" {
			near = r.nearest(key)
		}
		switch {
		case near == key:
		case near != "":
			r.errs = append(r.errs, fmt.Errorf("%s%s: no such key; did you mean %s?", where, inOneLine(key), near))
		case ours(key):
			r.errs = append(r.errs, fmt.Errorf("%s%s: no such key; the keys are %s", where, inOneLine(key), strings.Join(r.known, ", ")))
		}
	}
}

// nearest returns the key that a misspelt one is two letters from at most, or nothing.
func (r *reader) nearest(given string) string {
	best, least := "", 3
	for _, key := range r.known {
		if d := levenshtein.ComputeDistance(fold(given), fold(key)); d < least {
			best, least = key, d
		}
	}
	return best
}

// fold makes all spellings of a key alike: source-bucket, sourcebucket and SOURCE_BUCKET.
func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}
