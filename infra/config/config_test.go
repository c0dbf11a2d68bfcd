package config

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"mapfleet/functions/job"
)

func TestRead(t *testing.T) {
	for _, test := range []struct {
		name    string
		context map[string]any
		change  func(*Config) // of Default
	}{
		{"nothing given is the default", nil, func(*Config) {}},
		{"keys of CDK are left alone", map[string]any{"@aws-cdk/core:stackRelativeExports": true, "aws:cdk:enable-path-metadata": true,
			"availability-zones:account=1:region=x": []any{"x"}, "acknowledged-issue-numbers": []any{1.0}}, func(*Config) {}},
		{"a bucket by -c", map[string]any{"sourceBucket": "my-photos"}, func(c *Config) { c.SourceBucket = "my-photos" }},
		{"strings, as -c gives them", map[string]any{"batchSize": "7", "timeout": "60", "toleratedFailurePercentage": "0.5", "removalPolicy": "destroy"},
			func(c *Config) {
				c.BatchSize, c.Timeout, c.ToleratedFailurePercentage, c.RemovalPolicy = 7, time.Minute, 0.5, Destroy
			}},
		{"JSON's types, as cdk.json gives them", map[string]any{"batchSize": 7.0, "recipe": []any{map[string]any{"name": "s", "width": 64.0}}},
			func(c *Config) { c.BatchSize, c.Recipe = 7, `[{"name":"s","width":64}]` }},
		{"a recipe by -c", map[string]any{"recipe": ` [ {"name": "s", "width": 64} ] `},
			func(c *Config) { c.Recipe = `[{"name":"s","width":64}]` }},
		{"one bucket for both, apart", map[string]any{"sourceBucket": "b-1", "destinationBucket": "b-1", "sourcePrefix": "in/", "destinationPrefix": "out/"},
			func(c *Config) {
				c.SourceBucket, c.DestinationBucket, c.SourcePrefix, c.DestinationPrefix = "b-1", "b-1", "in/", "out/"
			}},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := Default()
			test.change(&want)
			got, err := Read(test.context)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("Read (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct {
		name    string
		context map[string]any
		wants   []string // each a line of the error
	}{
		{"all that is wrong at once", map[string]any{
			"sourceBucket": "s3://my-photos", "sourcePrefix": "a*", "batchSize": "0", "maxConcurrency": "many", "memory": 100.0,
			"timeout": "240", "logRetentionDays": "31", "removalPolicy": "keep", "toleratedFailurePercentage": "101", "workExpirationDays": 1.5,
		}, []string{
			`sourceBucket: given "s3://my-photos"; allowed: the name of an existing bucket`,
			`sourcePrefix: given "a*"; allowed: at most 512 characters`,
			`batchSize: given 0; allowed: 1 to 1000`,
			`maxConcurrency: given "many"; allowed: a whole number`,
			`memory: given 100; allowed: 512 to 10240`,
			`timeout: given 240; allowed: 10 to 230`,
			`logRetentionDays: given 31; allowed: 1 3 5 7`,
			`removalPolicy: given "keep"; allowed: retain, destroy`,
			`toleratedFailurePercentage: given 101; allowed: 0 to 100`,
			`workExpirationDays: given 1.5; allowed: a whole number`,
		}},
		{"a key that is none", map[string]any{"colour": "red"}, []string{"colour: no such key; the keys are stackName, sourceBucket,"}},
		{"a key spelt otherwise", map[string]any{"source-bucket": "b-1", "BatchSize": 7.0},
			[]string{"BatchSize: no such key; did you mean batchSize?", "source-bucket: no such key; did you mean sourceBucket?"}},
		{"a default beyond its ceiling", map[string]any{"batchSize": 20.0, "maxBatchSize": 10.0}, []string{"batchSize: given 20; allowed: 1 to 10"}},
		{"a stack name that is none", map[string]any{"stackName": "my_stack"}, []string{`stackName: given "my_stack"; allowed: 1 to 40`}},
		{"a recipe that is no JSON", map[string]any{"recipe": "w1024"}, []string{`recipe: given "w1024"; allowed: JSON (`}},
		{"a recipe that is no list", map[string]any{"recipe": `{"name":"s"}`}, []string{"recipe: given", "allowed: a JSON list of variants"}},
		{"an empty recipe", map[string]any{"recipe": `[]`}, []string{"recipe: given"}},
		{"a field that no variant has", map[string]any{"recipe": `[{"name":"s","widht":64}]`}, []string{`unknown field "widht"`}},
		{"two variants of one name", map[string]any{"recipe": `[{"name":"s"},{"name":"s"}]`}, []string{`a name for each variant that no other has ("s")`}},
		{"a recipe too long for the environment", map[string]any{"recipe": `[{"name":"s","key":"` + strings.Repeat("k", 3000) + `"}]`},
			[]string{"at most 3000 bytes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Read(test.context)
			if err == nil {
				t.Fatal("Read gave no error")
			}
			for _, want := range test.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error:\n%v\nwant in it: %s", err, want)
				}
			}
		})
	}
}

func TestDestinationIsNeverListedAsSource(t *testing.T) {
	for _, test := range []struct {
		name                   string
		source, destination    string
		sourceAt, destinatedAt string
		refused                bool
	}{
		{"two buckets", "b-1", "b-2", "", "", false},
		{"two new buckets", "", "", "", "", false},
		{"one bucket, no prefixes", "b-1", "b-1", "", "", true},
		{"one bucket, destination within", "b-1", "b-1", "", "out/", true},
		{"one bucket, source within", "b-1", "b-1", "in/", "", true},
		{"one bucket, same prefix", "b-1", "b-1", "a/", "a/", true},
		{"one bucket, a prefix is a plain string", "b-1", "b-1", "a", "ab/", true},
		{"one bucket, apart", "b-1", "b-1", "in/", "out/", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Default()
			c.SourceBucket, c.DestinationBucket, c.SourcePrefix, c.DestinationPrefix = test.source, test.destination, test.sourceAt, test.destinatedAt
			if err := c.Validate(); (err != nil) != test.refused {
				t.Errorf("Validate = %v, want refused: %v", err, test.refused)
			}
		})
	}
}

// TestKeysAreTheFields holds Read to Config: every field has its key, by the field's name.
func TestKeysAreTheFields(t *testing.T) {
	_, err := Read(map[string]any{"none": ""})
	_, list, _ := strings.Cut(err.Error(), "the keys are ")
	got := strings.Split(list, ", ")
	var want []string
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		name := []rune(field.Name)
		name[0] = unicode.ToLower(name[0])
		want = append(want, string(name))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-fields +read):\n%s", diff)
	}
}

func TestRecipe(t *testing.T) {
	t.Run("the functions accept the default", func(t *testing.T) {
		if _, err := job.ParseVariants([]byte(Default().Recipe)); err != nil {
			t.Error(err)
		}
	})
	t.Run("fields are those that the functions know", func(t *testing.T) {
		if diff := cmp.Diff(members[job.Variant](), members[variant]()); diff != "" {
			t.Errorf("fields (-functions +config):\n%s", diff)
		}
	})
}

func members[T any]() []string {
	names := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// TestCdkJSON holds cdk.json to Read: what it sets is valid.
func TestCdkJSON(t *testing.T) {
	data, err := os.ReadFile("../../cdk.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(file.Context); err != nil {
		t.Error(err)
	}
}
