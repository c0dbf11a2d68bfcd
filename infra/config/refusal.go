package config

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// refusal is one thing that is wrong.
type refusal struct {
	key     string
	given   any
	allowed string
}

func (r refusal) Error() string {
	return fmt.Sprintf("%s: given %s; allowed: %s", inOneLine(r.key), clip(show(r.given)), r.allowed)
}

// shown is what was given as a message shows it.
type shown string

// inOneLine returns a key as it is, or in quotes where it could not be read otherwise.
func inOneLine(key string) string {
	if quoted := strconv.Quote(key); key == "" || quoted != `"`+key+`"` {
		return quoted
	}
	return key
}

// show returns a value as it would stand in the file, in one line.
func show(given any) string {
	switch given := given.(type) {
	case string:
		return strconv.Quote(given)
	case shown:
		return string(given)
	case []any, map[string]any:
		data, _ := json.Marshal(given) // it was read from JSON
		return string(data)
	}
	return fmt.Sprint(given)
}

// clip leaves out the middle of what is too long to be read.
func clip(text string) string {
	const most = 300
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most/2]) + " … " + string(runes[len(runes)-most/2:])
	}
	return text
}
