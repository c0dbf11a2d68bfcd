package asl

import (
	"fmt"
	"math"
	"strings"
)

// call is an intrinsic function call, for instance States.Format('{}/x', $.prefix) (A06).
type call struct {
	name      string
	function  func(arguments []any) (any, error)
	arguments []expression
}

func (k *call) evaluate(root any, c *contextObject) (any, error) {
	arguments := make([]any, len(k.arguments))
	for i, a := range k.arguments {
		v, err := a.evaluate(root, c)
		if err != nil {
			return nil, err
		}
		arguments[i] = v
	}
	v, err := k.function(arguments)
	if err != nil {
		return nil, failure(errorIntrinsic, "%s: %v", k.name, err)
	}
	return v, nil
}

// intrinsic is a supported function and how many arguments it takes (most -1: any number).
type intrinsic struct {
	least, most int
	function    func([]any) (any, error)
}

func intrinsicNamed(name string) (intrinsic, bool) {
	switch name {
	case "States.Array":
		return intrinsic{0, -1, func(a []any) (any, error) { return a, nil }}, true
	case "States.ArrayLength":
		return intrinsic{1, 1, arrayLength}, true
	case "States.Format":
		return intrinsic{1, -1, format}, true
	case "States.JsonToString":
		return intrinsic{1, 1, jsonToString}, true
	case "States.MathAdd":
		return intrinsic{2, 2, mathAdd}, true
	case "States.StringToJson":
		return intrinsic{1, 1, stringToJSON}, true
	}
	return intrinsic{}, false
}

func arrayLength(a []any) (any, error) {
	list, ok := a[0].([]any)
	if !ok {
		return nil, fmt.Errorf("the argument is not an array")
	}
	return len(list), nil
}

func jsonToString(a []any) (any, error) {
	data, err := encode(a[0])
	return string(data), err
}

func stringToJSON(a []any) (any, error) {
	s, ok := a[0].(string)
	if !ok {
		return nil, fmt.Errorf("the argument is not a string")
	}
	return decode([]byte(s))
}

func mathAdd(a []any) (any, error) {
	sum := 0.0
	for _, v := range a {
		n, ok := number(v)
		if !ok {
			return nil, fmt.Errorf("an argument is not a number")
		}
		n = math.Round(n)
		if n < math.MinInt32 || n > math.MaxInt32 {
			return nil, fmt.Errorf("%v is out of range", n)
		}
		sum += n
	}
	if sum < math.MinInt32 || sum > math.MaxInt32 {
		return nil, fmt.Errorf("the sum %v is out of range", sum)
	}
	return int64(sum), nil
}

// format fills the {} of its first argument with the others; \{ \} \\ stand for themselves.
func format(a []any) (any, error) {
	template, ok := a[0].(string)
	if !ok {
		return nil, fmt.Errorf("the template is not a string")
	}
	var b strings.Builder
	rest := a[1:]
	for i := 0; i < len(template); i++ {
		switch {
		case template[i] == '\\' && i+1 < len(template) && strings.IndexByte(`{}\'`, template[i+1]) >= 0:
			i++
			b.WriteByte(template[i])
		case strings.HasPrefix(template[i:], "{}"):
			if len(rest) == 0 {
				return nil, fmt.Errorf("the template has more {} than there are arguments")
			}
			s, err := formatted(rest[0])
			if err != nil {
				return nil, err
			}
			b.WriteString(s)
			rest = rest[1:]
			i++
		case template[i] == '{' || template[i] == '}':
			return nil, fmt.Errorf("the template has a lone %q", template[i])
		default:
			b.WriteByte(template[i])
		}
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("the template has fewer {} than there are arguments")
	}
	return b.String(), nil
}

func formatted(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case map[string]any, []any:
		return "", fmt.Errorf("an object or array is not formatted: use States.JsonToString")
	default:
		data, err := encode(v)
		return string(data), err
	}
}
