package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
)

// maxPayload is the limit of every state's input and output in bytes of JSON (A05).
const maxPayload = 262_144

// decode reads exactly one JSON value; its numbers are json.Number, so that none loses digits.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}

// encode returns v as compact JSON without HTML escapes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// plain returns v if it is made of the types that this package walks, else what its JSON decodes to.
func plain(v any) (any, error) {
	if isPlain(v) {
		return v, nil
	}
	data, err := encode(v)
	if err != nil {
		return nil, err
	}
	return decode(data)
}

func isPlain(v any) bool {
	switch v := v.(type) {
	case nil, bool, string, json.Number, float64, int, int64:
		return true
	case map[string]any:
		for _, e := range v {
			if !isPlain(e) {
				return false
			}
		}
		return v != nil
	case []any:
		for _, e := range v {
			if !isPlain(e) {
				return false
			}
		}
		return v != nil
	}
	return false
}

// number returns a plain value's number.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	}
	return 0, false
}

// size returns the bytes of v as compact JSON, without writing them.
func size(v any) int {
	switch v := v.(type) {
	case nil:
		return 4
	case bool:
		if v {
			return 4
		}
		return 5
	case string:
		return stringSize(v)
	case json.Number:
		return len(v)
	case float64:
		data, _ := json.Marshal(v)
		return len(data)
	case int:
		return size(int64(v))
	case int64:
		var digits [20]byte
		return len(strconv.AppendInt(digits[:0], v, 10))
	case []any:
		n := 2 + max(0, len(v)-1)
		for _, e := range v {
			n += size(e)
		}
		return n
	case map[string]any:
		n := 2 + max(0, len(v)-1)
		for key, e := range v {
			n += stringSize(key) + 1 + size(e)
		}
		return n
	}
	return 0
}

func stringSize(s string) int {
	n := len(s) + 2
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			n++
		case c < 0x20:
			n += 5
		}
	}
	return n
}

// within refuses a payload above the limit; what names it ("output of state X").
func within(v any, what, state string) error {
	if n := size(v); n > maxPayload {
		return failure(errorDataLimit, "the %s of state %q has %d bytes, %d are allowed", what, state, n, maxPayload)
	}
	return nil
}
