package stepfunctions

import (
	"crypto/rand"
	"fmt"
	"strings"
	"unicode/utf8"
)

const maxName = 80 // characters of the name of an execution

// nameOf returns the name of a new execution: the one that is given, or a random one.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func nameOf(given *string) (string, error) {
	if given == nil {
		return uuid(), nil
	}
	name := *given
	switch {
	case name == "":
		return "", invalid("Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1")
	case utf8.RuneCountInString(name) > maxName:
		return "", invalid("Value '%s' at 'name' failed to satisfy constraint: Member must have length less than or equal to %d", name, maxName)
	case strings.ContainsFunc(name, forbidden) || strings.HasPrefix(name, "."): // here a name is a folder's
		return "", refuse("InvalidName", "Invalid Name: '%s'", name)
	}
	return name, nil
}

func forbidden(r rune) bool {
	return r <= ' ' || r >= 0x7f && r <= 0x9f || r == 0xfffd || r == 0xfffe || r == 0xffff || r == 0xa0 ||
		strings.ContainsRune(`<>{}[]?*"#%\^|~`+"`"+`$&,;:/`, r)
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// arnOf takes an ARN of Step Functions apart: its kind (execution, stateMachine, mapRun) and what follows.
func arnOf(member, arn, kind string) (rest string, err error) {
	if err := needed(member, arn); err != nil {
		return "", err
	}
	parts := strings.SplitN(arn, ":", 7)
	if len(parts) < 7 || parts[0] != "arn" || parts[2] != "states" || parts[5] != kind || parts[6] == "" {
		return "", refuse("InvalidArn", "Invalid Arn: '%s' is not the ARN of %s", arn, articled(kind))
	}
	return parts[6], nil
}

func articled(kind string) string {
	switch kind {
	case "execution":
		return "an execution"
	case "mapRun":
		return "a Map Run"
	}
	return "a state machine"
}
