package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
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
		if d := distance(fold(given), fold(key)); d < least {
			best, least = key, d
		}
	}
	return best
}

// distance is how many letters have to be put in, left out or changed to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// fold makes all spellings of a key alike: source-bucket, sourcebucket and SOURCE_BUCKET.
func fold(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}
