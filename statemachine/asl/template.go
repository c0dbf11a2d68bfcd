package asl

import (
	"maps"
	"slices"
	"strings"
)

// expression is a path, an intrinsic function call, or a constant.
type expression interface {
	evaluate(root any, c *contextObject) (any, error)
}

// constant evaluates to itself; it is shared and never changed.
type constant struct{ value any }

func (k constant) evaluate(any, *contextObject) (any, error) { return k.value, nil }

func (p *path) evaluate(root any, c *contextObject) (any, error) {
	v, ok := p.get(root, c)
	if !ok {
		return nil, failure(errorParameterPath, "%s leads nowhere in the input", p.text) // A13
	}
	return v, nil
}

// objectTemplate and arrayTemplate are the parts of a payload template that hold an expression
// somewhere below (A01); what holds none is a constant.
type objectTemplate []templateField

type templateField struct {
	name  string
	value expression
}

func (t objectTemplate) evaluate(root any, c *contextObject) (any, error) {
	object := make(map[string]any, len(t))
	for _, f := range t {
		v, err := f.value.evaluate(root, c)
		if err != nil {
			return nil, err
		}
		object[f.name] = v
	}
	return object, nil
}

type arrayTemplate []expression

func (t arrayTemplate) evaluate(root any, c *contextObject) (any, error) {
	list := make([]any, len(t))
	for i, e := range t {
		v, err := e.evaluate(root, c)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// template compiles a payload template.
func (p *parser) template(v any, place string) expression {
	switch v := v.(type) {
	case map[string]any:
		return p.objectTemplate(v, place)
	case []any:
		list, fixed := make(arrayTemplate, len(v)), true
		for i, e := range v {
			list[i] = p.template(e, element(place, i))
			fixed = fixed && isConstant(list[i])
		}
		if fixed {
			return constant{v}
		}
		return list
	}
	return constant{v}
}

func (p *parser) objectTemplate(v map[string]any, place string) expression {
	object, fixed := make(objectTemplate, 0, len(v)), true
	for _, key := range slices.Sorted(maps.Keys(v)) {
		name, dynamic := strings.CutSuffix(key, ".$")
		f := templateField{name: name}
		if dynamic {
			fixed = false
			if _, both := v[name]; both {
				p.problem(member(place, key), "stands beside %q", name)
			}
			f.value = p.expressionField(v[key], member(place, key))
		} else {
			f.value = p.template(v[key], member(place, key))
			fixed = fixed && isConstant(f.value)
		}
		object = append(object, f)
	}
	if fixed {
		return constant{v}
	}
	return object
}

func (p *parser) expressionField(v any, place string) expression {
	text, ok := v.(string)
	if !ok {
		p.problem(place, "is not a string that holds a path or an intrinsic function")
		return constant{nil}
	}
	return p.expression(text, place)
}

// expression compiles a path or an intrinsic function call.
func (p *parser) expression(text, place string) expression {
	var e expression
	var err error
	if strings.HasPrefix(text, "$") {
		e, err = parsePath(text)
	} else {
		e, err = parseIntrinsic(text)
	}
	if err != nil {
		p.problem(place, "%v", err)
		return constant{nil}
	}
	p.checkContextUse(e, place)
	return e
}

func isConstant(e expression) bool {
	_, ok := e.(constant)
	return ok
}
