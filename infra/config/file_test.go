package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// directory returns a directory that holds files.
func directory(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestLoad(t *testing.T) {
	root := directory(t, map[string]string{
		File:       `{"batchSize": 7, "memory": 2048, "recipe": [{"name": "s", "width": 64}]}`,
		"cdk.json": `{"context": {"@aws-cdk/core:stackRelativeExports": true}}`,
	})
	got, err := Load(map[string]any{"batchSize": "9", "@aws-cdk/core:stackRelativeExports": true}, root)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.BatchSize, want.Memory, want.Recipe = 9, 2048, `[{"name":"s","width":64}]`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-c over file over default (-want +got):\n%s", diff)
	}
	if got, err := Load(nil, t.TempDir()); err != nil || got != Default() {
		t.Errorf("Load without a file = %v, %v, want the default", got, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		context map[string]any
		wants   []string
	}{
		{"what is wrong in the file and by -c, at once", map[string]string{File: `{"batchSize": 0, "colour": "red", "Memory": 1, "a-b": 1}`},
			map[string]any{"timeout": "1"}, []string{
				"mapfleet.json: batchSize: given 0; allowed: 1 to 1000",
				"mapfleet.json: colour: no such key; the keys are stackName,",
				"mapfleet.json: Memory: no such key; did you mean memory?",
				"mapfleet.json: a-b: no such key",
				"\ntimeout: given 1; allowed: 10 to 230",
			}},
		{"a value by -c over a right one in the file", map[string]string{File: `{"batchSize": 7}`}, map[string]any{"batchSize": "x"},
			[]string{`batchSize: given "x"; allowed: a whole number`}},
		{"a file that is no JSON", map[string]string{File: `{batchSize: 7}`}, nil, []string{"read mapfleet.json:", "one JSON object"}},
		{"a file of two objects", map[string]string{File: `{} {}`}, nil, []string{"read mapfleet.json: there is more"}},
		{"a key that is there twice", map[string]string{File: `{"batchSize": 7, "tags": {"a": "b"}, "batchSize": 8}`}, nil,
			[]string{"read mapfleet.json: batchSize is there twice"}},
		{"what is wrong within a value", map[string]string{File: `{"recipe": [{"name": "s", "width": 0}], "tags": {"team": 7}}`}, nil,
			[]string{"mapfleet.json: recipe[0].width: given 0; allowed: a whole number from 1 to 16384", "mapfleet.json: tags.team: given 7; allowed: a string"}},
		{"a key in cdk.json", map[string]string{"cdk.json": `{"context": {"batchSize": 7}}`}, map[string]any{"batchSize": 7.0},
			[]string{"cdk.json: batchSize: belongs into mapfleet.json"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(test.context, directory(t, test.files))
			if err == nil {
				t.Fatal("Load gave no error")
			}
			for _, want := range test.wants {
				if !strings.Contains("\n"+err.Error(), want) {
					t.Errorf("error:\n%v\nwant in it: %s", err, want)
				}
			}
		})
	}
}
