package asl

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	callStart     = regexp.MustCompile(`^([A-Za-z]+(?:\.[A-Za-z0-9]+)*)\s*\(\s*`)
	numberLiteral = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`)
)

// maxIntrinsicDepth is how deep calls may be nested (A06).
const maxIntrinsicDepth = 10

func parseIntrinsic(text string) (expression, error) {
	e, rest, err := parseCall(text, 1)
	if err == nil && strings.TrimSpace(rest) != "" {
		err = fmt.Errorf("%q is not expected", rest)
	}
	if err != nil {
		return nil, fmt.Errorf("expression %q: %w", text, err)
	}
	return e, nil
}

func parseCall(text string, depth int) (expression, string, error) {
	m := callStart.FindStringSubmatch(text)
	if m == nil {
		return nil, "", fmt.Errorf("neither a path nor an intrinsic function")
	}
	f, ok := intrinsicNamed(m[1])
	if !ok {
		return nil, "", fmt.Errorf("intrinsic function %s is not supported", m[1])
	}
	if depth > maxIntrinsicDepth {
		return nil, "", fmt.Errorf("functions are nested more than %d deep", maxIntrinsicDepth)
	}
	k, rest := &call{name: m[1], function: f.function}, text[len(m[0]):]
	for first := true; ; first = false {
		if after, ok := strings.CutPrefix(rest, ")"); ok && first {
			rest = after
			break
		}
		a, after, err := parseArgument(rest, depth, first && k.name == "States.Format")
		if err != nil {
			return nil, "", err
		}
		k.arguments = append(k.arguments, a)
		after = strings.TrimLeft(after, " \t")
		if next, ok := strings.CutPrefix(after, ","); ok {
			rest = strings.TrimLeft(next, " \t")
			continue
		}
		if rest, ok = strings.CutPrefix(after, ")"); !ok {
			return nil, "", fmt.Errorf("%q stands where , or ) is expected", after)
		}
		break
	}
	if n := len(k.arguments); n < f.least || f.most >= 0 && n > f.most {
		return nil, "", fmt.Errorf("%s does not take %d arguments", k.name, n)
	}
	return k, rest, checkFormat(k)
}

// checkFormat counts the {} of a literal template, so that a wrong count does not wait for a run.
func checkFormat(k *call) error {
	if k.name != "States.Format" || !isConstant(k.arguments[0]) {
		return nil
	}
	sample := []any{k.arguments[0].(constant).value}
	for range k.arguments[1:] {
		sample = append(sample, "")
	}
	_, err := format(sample)
	return err
}

func parseArgument(text string, depth int, template bool) (expression, string, error) {
	switch {
	case strings.HasPrefix(text, "'"):
		return parseQuoted(text[1:], template)
	case strings.HasPrefix(text, "$"):
		end := pathEnd(text)
		p, err := parsePath(text[:end])
		return p, text[end:], err
	case numberLiteral.MatchString(text):
		digits := numberLiteral.FindString(text)
		if _, err := strconv.ParseFloat(digits, 64); err != nil || !json.Valid([]byte(digits)) {
			return nil, "", fmt.Errorf("%q is not a number", digits)
		}
		return constant{json.Number(digits)}, text[len(digits):], nil
	case strings.HasPrefix(text, "null"):
		return constant{nil}, text[len("null"):], nil
	}
	return parseCall(text, depth+1)
}

// pathEnd returns where the path at the beginning of text ends: at a comma, space or parenthesis
// outside brackets.
func pathEnd(text string) int {
	quote := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == ',' || c == ')' || c == ' ' || c == '\t':
			return i
		}
	}
	return len(text)
}

// parseQuoted reads up to the closing apostrophe. The template of States.Format keeps its escapes:
// format reads them.
func parseQuoted(text string, template bool) (expression, string, error) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			if i+1 == len(text) || strings.IndexByte(`{}\'`, text[i+1]) < 0 {
				return nil, "", fmt.Errorf("a backslash stands before none of ' \\ { }")
			}
			if template {
				b.WriteByte('\\')
			}
			i++
			b.WriteByte(text[i])
		case text[i] == '\'':
			return constant{b.String()}, text[i+1:], nil
		default:
			b.WriteByte(text[i])
		}
	}
	return nil, "", fmt.Errorf("an apostrophe is missing")
}
