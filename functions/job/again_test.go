package job

import (
	"slices"
	"testing"
	"time"
)

func TestAgain(t *testing.T) {
	const plan = `{"run":"r","limits":{"batchSize":3},"job":{"variants":[{"name":"v","new":1}],"overwrite":"never","sampleEvery":1}}`
	for _, c := range []struct {
		name, input, plan, full string
		missing                 []string
	}{
		{"nothing is named", `{"retryFailuresOf":"r"}`, plan, `{"filter":{},"overwrite":"never","retryFailuresOf":"r","variants":[{"name":"v","new":1}]}`, nil},
		{"null is as good as absent", `{"variants":null}`, plan, `{"filter":{},"overwrite":"never","variants":[{"name":"v","new":1}]}`, nil},
		{"what is named stays", `{"variants":[],"filter":{"minBytes":1},"batchSize":9}`, plan, `{"batchSize":9,"filter":{"minBytes":1},"overwrite":"never","variants":[]}`, nil},
		{"the plan's filter", `{"overwrite":"stale"}`, `{"job":{"variants":[],"filter":{"maxBytes":5}}}`, `{"filter":{"maxBytes":5},"overwrite":"stale","variants":[]}`, nil},
		{"a plan without variants", `{}`, `{"job":{"variants":null,"overwrite":"stale"}}`, `{"filter":{},"overwrite":"stale"}`, []string{"variants"}},
		{"no plan", `{"overwrite":"stale"}`, ``, `{"overwrite":"stale"}`, []string{"variants", "filter"}},
		{"a plan of no job", `{}`, `{}`, `{}`, []string{"variants", "overwrite", "filter"}},
		{"no plan, and no need of one", `{"variants":[],"overwrite":"","filter":{}}`, `no JSON`, `{"filter":{},"overwrite":"","variants":[]}`, nil},
		{"no input", `[]`, plan, `[]`, nil},
	} {
		full, missing := Again([]byte(c.input), []byte(c.plan))
		if string(full) != c.full || !slices.Equal(missing, c.missing) {
			t.Errorf("%s: Again = %s, %q, want %s, %q", c.name, full, missing, c.full, c.missing)
		}
	}
}

func TestSameOutputs(t *testing.T) {
	one := func(change func(*Job)) Job {
		j := Job{
			Run: "a", Source: Location{"s", "in/"}, Destination: Location{"d", ""}, Variants: []Variant{{Name: "v", Width: 1}}, Overwrite: OverwriteStale,
			Filter: Filter{Suffixes: []string{".jpg"}, ModifiedAfter: time.Unix(1, 0)},
		}
		change(&j)
		return j
	}
	for name, c := range map[string]struct {
		change func(*Job)
		want   bool
	}{
		"another run":                 {func(j *Job) { j.Run, j.Work, j.Fresh, j.SampleEvery = "b", Location{"w", "b"}, true, 9 }, true},
		"another source":              {func(j *Job) { j.Source.Prefix = "" }, false},
		"another destination":         {func(j *Job) { j.Destination.Bucket = "e" }, false},
		"another recipe":              {func(j *Job) { j.Variants = []Variant{{Name: "v", Width: 2}} }, false},
		"another key":                 {func(j *Job) { j.Variants = []Variant{{Name: "v", Width: 1, Key: "{stem}"}} }, false},
		"a variant less":              {func(j *Job) { j.Variants = nil }, false},
		"another overwrite":           {func(j *Job) { j.Overwrite = OverwriteNever }, false},
		"a filter that stops others":  {func(j *Job) { j.Filter.Suffixes = []string{".png"} }, false},
		"a filter that stops nothing": {func(j *Job) { j.Filter = Filter{} }, false}, // of which more is made
	} {
		if got := one(func(*Job) {}).SameOutputs(one(c.change)); got != c.want {
			t.Errorf("%s: SameOutputs = %v, want %v", name, got, c.want)
		}
	}
}
