// Package statemachine holds the state machines that mapfleet deploys and runs locally: the files
// themselves, and the substitution of their ${Placeholder} strings. The same text goes to
// CloudFormation and to the local interpreter.
package statemachine

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

//go:embed resize.asl.json
var resize string

//go:embed checks.asl.json
var checks string

var placeholder = regexp.MustCompile(`\$\{([A-Za-z][A-Za-z0-9]*)\}`)

// Resize returns the definition of the resize job with its placeholders as they stand in the file.
func Resize() string { return resize }

// Checks returns the definition of the job that makes an HTTP request for every line of a file, as Resize
// does.
func Checks() string { return checks }

// Placeholders returns the names that stand as ${Name} in definition, sorted, each once.
func Placeholders(definition string) []string {
	var names []string
	for _, match := range placeholder.FindAllStringSubmatch(definition, -1) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Substitute replaces every ${Name} in definition by values[Name], as CloudFormation's
// DefinitionSubstitutions does. It is an error if a placeholder has no value, or a value no
// placeholder, or a value would need escaping inside a JSON string.
func Substitute(definition string, values map[string]string) (string, error) {
	names := Placeholders(definition)
	for _, name := range names {
		value, ok := values[name]
		if !ok {
			return "", fmt.Errorf("substitute ${%s}: no value given", name)
		}
		if strings.ContainsAny(value, "\"\\\n\r\t") {
			return "", fmt.Errorf("substitute ${%s}: %q would need escaping in JSON", name, value)
		}
	}
	for name := range values {
		if !slices.Contains(names, name) {
			return "", fmt.Errorf("substitute ${%s}: the definition has no such placeholder", name)
		}
	}
	return placeholder.ReplaceAllStringFunc(definition, func(match string) string {
		return values[match[2:len(match)-1]]
	}), nil
}
