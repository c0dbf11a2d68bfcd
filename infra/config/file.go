package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// File is the name of the file that a deployment is configured in. It lies beside cdk.json, and may be
// missing.
const File = "mapfleet.json"

// Load reads the configuration of a CDK app whose context and directory are given: a key given by -c wins
// over the same key in File, and that over the default. The CDK command line hands over -c and cdk.json
// as one, so keys of ours are refused in cdk.json: nobody could say there which one wins.
func Load(context map[string]any, directory string) (Config, error) {
	file, err := object(filepath.Join(directory, File))
	if err != nil {
		return Config{}, err
	}
	c, err := Read(context, file)
	return c, errors.Join(misplaced(filepath.Join(directory, "cdk.json")), err)
}

// misplaced refuses keys of Config in the context of a cdk.json.
func misplaced(path string) error {
	values, err := object(path)
	if err != nil {
		return err
	}
	context, _ := values["context"].(map[string]any)
	var errs []error
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		key := strings.ToLower(field.Name[:1]) + field.Name[1:]
		if _, ok := context[key]; ok {
			errs = append(errs, fmt.Errorf("cdk.json: %s: belongs into %s", key, File))
		}
	}
	return errors.Join(errs...)
}

// object reads a file that holds one JSON object. One that is not there is nil.
func object(path string) (map[string]any, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var values map[string]any
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&values); err != nil {
		return nil, fmt.Errorf("read %s: %w; it must be one JSON object", filepath.Base(path), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: there is more behind the JSON object", filepath.Base(path))
	}
	if key := repeated(data); key != "" {
		return nil, fmt.Errorf("read %s: %s is there twice; allowed: each key once", filepath.Base(path), key)
	}
	return values, nil
}

// repeated returns a key that one object of a valid JSON text has twice, at its top, or nothing. Of the two
// values one would be lost without a word.
func repeated(data []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(data))
	_, _ = decoder.Token() // {, for the text is an object
	seen := map[string]bool{}
	for decoder.More() {
		token, _ := decoder.Token()
		key, _ := token.(string)
		if seen[key] {
			return key
		}
		seen[key] = true
		var value json.RawMessage
		if decoder.Decode(&value) != nil {
			return ""
		}
	}
	return ""
}
