package audit

import (
	"fmt"
	"slices"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// account is what is said of one source.
type account struct {
	item     job.Item
	outputs  []string // key of each variant's output; empty where there can be none
	refused  bool     // there can be none of some, so that a run makes none at all
	ignored  string   // the code by which a run makes nothing of it
	findings []Finding
}

// wants says which outputs a source wants, by the worker's rules, as far as its item tells.
func (a *audit) wants(item job.Item) account {
	c := account{item: item, outputs: make([]string, len(a.input.Variants))}
	for i, v := range a.input.Variants {
		key, err := job.OutputKey(v, a.Deployment.SourcePrefix, item.Key)
		if key = a.Deployment.DestinationPrefix + key; err == nil && len(key) > job.MaxKeyBytes {
			err = fmt.Errorf("the output's key would be %d bytes long; S3 allows %d", len(key), job.MaxKeyBytes)
		}
		if err != nil {
			c.refused = true
			c.add(Finding{kind: Missing, Source: item.Key, Variant: v.Name, Reason: err.Error()})
			continue
		}
		c.outputs[i] = key
	}
	switch {
	case item.Placeholder():
		c.ignore(batch.IgnoredEmpty)
	case !a.input.Filter.Passes(item):
		c.ignore(batch.IgnoredFilter)
	}
	return c
}

func (c *account) add(f Finding) { c.findings = append(c.findings, f) }

// ignore settles that a run makes nothing of the source.
func (c *account) ignore(code string) { c.ignored, c.findings = code, nil }

// only settles that nothing but f can be said of the source.
func (c *account) only(f Finding) { c.findings = []Finding{f} }

// is says whether one of the findings is of one of the kinds.
func (c *account) is(kinds ...Kind) bool {
	for _, f := range c.findings {
		if slices.Contains(kinds, f.kind) {
			return true
		}
	}
	return false
}

// settle counts a source and its findings, and puts it into the manifest where a run would write
// something.
func (a *audit) settle(c account) error {
	r := &a.report
	r.Sources.Listed++
	a.Progress.differences.Add(int64(len(c.findings)))
	for _, f := range c.findings {
		r.add(f)
	}
	switch {
	case c.ignored != "":
		r.Sources.Ignored++
		r.Sources.IgnoredBy[c.ignored]++
		return nil
	case c.is(Gone):
		r.Sources.Gone++
		return nil
	case c.is(Denied):
		r.Sources.Denied++
		return nil
	}
	r.Outputs.Current += int64(len(c.outputs) - len(c.findings))
	switch {
	case c.is(Missing, Stale):
		r.Sources.Again++
		if a.Manifest != nil {
			return writeItem(a.Manifest, c.item)
		}
	case c.is(Collision):
		r.Sources.Colliding++
	default:
		r.Sources.Current++
	}
	return nil
}

// want notes the outputs that a source wants, selected or not: what lies there is explained.
func (a *audit) want(c account, number func(variant int) uint64) error {
	for i, key := range c.outputs {
		if key == "" {
			continue
		}
		if err := a.wanted.add(keyRecord(key, number(i), c.item.Key)); err != nil {
			return err
		}
	}
	return nil
}
