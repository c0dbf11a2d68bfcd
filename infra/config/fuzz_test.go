package config

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// problem is a line of an error: the key, maybe its file in front, then what is wrong with it.
var problem = regexp.MustCompile(`^(mapfleet\.json: )?.+: (given .*; allowed: .+|no such key; (did you mean|the keys are) .+)$`)

// FuzzRead: whatever stands in the file, it is a configuration that is valid, or an error of which each line
// names a key.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"batchSize":1e300,"memory":null,"recipe":[{"name":"s","width":-1}],"tags":{"a":"b"}}`,
		`{"schedule":"rate(1 day)","scheduleInput":{"variants":[{}],"keys":[]}}`, `{"":{}, "tags":{"":""}}`,
		`{"checks":true,"checksFile":"s3://b-1/a.csv","checksAllowedNetworks":["10.0.0.0/8", 7]}`,
		`{"recipe":"[{\"name\":\"s\",\"width\":1,\"key\":\"{stem}\"}]","sourcePrefix":"日本/","stackName":"a\nb"}`,
		`{"a\nb":1,"":2,"batch\nSize":3,"tags":{"a\nb":7}}`,
		`{"recipe":[[["a\nb"]]],"scheduleInput":"\u0000"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var file map[string]any
		if json.Unmarshal([]byte(text), &file) != nil {
			t.Skip("no JSON object")
		}
		c, err := Read(nil, file)
		if err == nil {
			if err := c.Validate(); err != nil {
				t.Errorf("what was read without an error is refused: %v", err)
			}
			return
		}
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if !problem.MatchString(line) {
				t.Errorf("%q names no key, or not what is allowed", line)
			}
		}
	})
}
