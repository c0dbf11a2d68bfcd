package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// tagText is what all services take in a tag.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
var tagText = regexp.MustCompile(`^[\p{L}\p{Zs}\p{N}_.:/=+@-]*$`)

// AllTags returns the tags. c must be valid.
func (c Config) AllTags() map[string]string {
	var tags map[string]string
	_ = json.Unmarshal([]byte(c.Tags), &tags) // it is valid
	return tags
}

func (v *validator) tags(key, given string) {
	var tags map[string]any
	if err := json.Unmarshal([]byte(given), &tags); err != nil || tags == nil || len(tags) > MaxTags {
		v.refuse(key, given, fmt.Sprintf(`a JSON object of at most %d strings, such as {"team": "photos"}`, MaxTags))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		if name == "" || len([]rune(name)) > 128 || !tagText.MatchString(name) || strings.HasPrefix(strings.ToLower(name), "aws:") {
			v.refuse(key, name, "names of 1 to 128 letters, digits, spaces and _ . : / = + - @ that do not start with aws:")
		}
		if value, ok := tags[name].(string); !ok || len([]rune(value)) > 256 || !tagText.MatchString(value) {
			v.refuse(key+"."+name, tags[name], "a string of at most 256 letters, digits, spaces and _ . : / = + - @")
		}
	}
}
