package asl

import (
	"slices"
	"strings"
)

// checkContextUse refuses $$ paths that lead to nothing that this package provides.
func (p *parser) checkContextUse(e expression, place string) {
	switch e := e.(type) {
	case *call:
		for _, a := range e.arguments {
			p.checkContextUse(a, place)
		}
	case *path:
		if !e.context || len(e.steps) == 0 {
			return
		}
		if e.steps[0].name == "Map" && !p.item {
			p.problem(place, "%s: only a Map's ItemSelector and inline iterations have $$.Map", e.text)
			return
		}
		parent := ""
		for i, s := range e.steps {
			known := contextFields[parent]
			if i == 0 {
				known = []string{"Execution", "State", "StateMachine", "Map"}
			}
			if known == nil {
				return
			}
			if !slices.Contains(known, s.name) {
				p.problem(place, "%s: the context object has no %q there", e.text, s.name)
				return
			}
			parent = strings.TrimPrefix(parent+"."+s.name, ".")
		}
	}
}
