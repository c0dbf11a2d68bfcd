package main

import (
	"encoding/json"
	"testing"
)

// states returns every state of a definition by name, those within Maps too.
func states(t *testing.T, text string) map[string]map[string]any {
	t.Helper()
	var definition any
	if err := json.Unmarshal([]byte(text), &definition); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]any{}
	collect(definition, found)
	return found
}

func collect(node any, found map[string]map[string]any) {
	object, _ := node.(map[string]any)
	inner, _ := object["States"].(map[string]any)
	for name, state := range inner {
		found[name] = state.(map[string]any)
		collect(found[name]["ItemProcessor"], found)
	}
}

// at follows names into nested objects, and returns the string there, or "".
func at(node any, names ...string) string {
	value, _ := under(node, names...).(string)
	return value
}

// under follows names into nested objects, and returns what is there, or nil.
func under(node any, names ...string) any {
	for _, name := range names {
		object, _ := node.(map[string]any)
		node = object[name]
	}
	return node
}
