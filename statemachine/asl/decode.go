package asl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// decode reads one JSON value and refuses object members that occur twice.
func (p *parser) decode(definition []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(definition))
	d.UseNumber()
	root, err := p.decodeValue(d, "", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return root, nil
}

// maxNesting keeps a hostile definition from exhausting the stack.
const maxNesting = 1000

func (p *parser) decodeValue(d *json.Decoder, place string, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxNesting {
		return nil, fmt.Errorf("nested more than %d deep", maxNesting)
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := p.decodeValue(d, element(place, len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	case json.Delim('{'):
		object := map[string]any{}
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string)
			v, err := p.decodeValue(d, member(place, name), depth+1)
			if err != nil {
				return nil, err
			}
			if _, twice := object[name]; twice {
				p.problem(member(place, name), "stands twice")
			}
			object[name] = v
		}
		_, err = d.Token()
		return object, err
	}
	return token, nil
}
