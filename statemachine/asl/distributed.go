package asl

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	maxChildren = 10_000 // child executions of a Map Run at once, at most (A30)
	maxRedrives = 1000   // of a Map Run (A39)
)

// distributedMap is a Map state that starts child executions.
type distributedMap struct {
	graph       *graph
	label       string
	express     bool
	reader      *itemReader // nil: items from the state's input
	itemsPath   *path
	selector    expression
	batcher     *itemBatcher // nil: an item a child
	concurrency amount
	count       amount // ToleratedFailureCount
	percentage  amount
	writer      *resultWriter // nil: results become the state's output
}

// plan is a distributedMap with every number and name taken from one input.
type plan struct {
	*distributedMap
	input       any
	context     *contextObject
	source      source
	batch       *batch // nil: an item a child
	concurrency int
	unlimited   bool
	tolerance   tolerance
	destination destination
}

func (d *distributedMap) run(ctx context.Context, c *contextObject, input any) (output any, next string, err error) {
	opened, redriven := d.opened(c)
	if redriven {
		c = c.pinned(&opened)
		if opened.Redrives > maxRedrives {
			return nil, "", &Error{Name: errorRuntime, Cause: fmt.Sprintf("the Map Run has been redriven %d times, which is the limit", maxRedrives), unkept: true}
		}
	}
	plan, err := d.plan(c, input)
	if err != nil {
		return nil, "", err
	}
	if !redriven {
		c.execution.tell(c.event(MapStarted, Event{Length: d.length(c, input)}))
	}
	defer func() { c.mapEnded(ctx, err) }()
	r := newMapRun(plan, opened)
	defer r.results.close()
	if redriven {
		if err := r.recall(); err != nil {
			return nil, "", err
		}
	}
	if err := c.track.open(opened); err != nil {
		return nil, "", err
	}
	output, err = r.run(ctx)
	return output, "", err
}

// length is how many items the state's input holds; 0 where they are read from elsewhere.
func (d *distributedMap) length(c *contextObject, input any) int {
	if d.reader != nil {
		return 0
	}
	items, _ := itemsIn(d.itemsPath, input, c) // the plan has found them
	return len(items)
}

// opened says how the Map Run begins: anew, or as one that an earlier attempt left.
func (d *distributedMap) opened(c *contextObject) (opened mapRunOpened, redriven bool) {
	now, e := time.Now(), c.execution
	if before := c.track.mapRunBefore(); before != nil {
		opened = *before
		opened.Redrives++
		opened.Redriven = now
		return opened, true
	}
	return mapRunOpened{
		ID: newUUID(), Start: now, Entered: c.entered, Retries: c.retries,
		RedriveCount: e.RedriveCount, RedriveTime: e.RedriveTime,
	}, false
}

func (d *distributedMap) plan(c *contextObject, input any) (p plan, err error) {
	p = plan{distributedMap: d, input: input, context: c}
	if p.source, err = d.sourceFor(c, input); err != nil {
		return p, err
	}
	if d.batcher != nil {
		if p.batch, err = d.batcher.batchFor(c, input); err != nil {
			return p, err
		}
	}
	concurrency, err := d.concurrency.in(input, c, 0)
	if err != nil {
		return p, err
	}
	p.unlimited = concurrency == 0
	if p.concurrency = int(concurrency); p.unlimited || concurrency > maxChildren {
		p.concurrency = maxChildren
	}
	if p.tolerance, err = toleranceFor(d, c, input); err != nil {
		return p, err
	}
	if d.writer != nil {
		p.destination, err = d.writer.destinationFor(c, input)
	}
	return p, err
}

func (p *parser) distributed(f *fields, s *state, inline *inlineMap) *distributedMap {
	d := &distributedMap{
		itemsPath:   inline.itemsPath,
		selector:    inline.selector,
		concurrency: inline.concurrency,
		count:       f.amount("ToleratedFailureCount", 0, 1<<53, true),
		percentage:  f.amount("ToleratedFailurePercentage", 0, 100, false),
		label:       p.label(f, s.name),
	}
	if f.has("ItemReader") {
		if f.has("ItemsPath") {
			p.problem(f.at("ItemsPath"), "stands beside ItemReader, which gives the items")
		}
		d.reader = p.itemReader(f)
	}
	if f.has("ItemBatcher") {
		d.batcher = p.itemBatcher(f)
	}
	if f.has("ResultWriter") {
		d.writer = p.resultWriter(f)
	}
	return d
}

// label reads Label (A19). Without one AWS makes one up; here it comes from the name of the state.
func (p *parser) label(f *fields, state string) string {
	label, place := f.optional("Label"), f.at("Label")
	if !f.has("Label") {
		return labelFrom(state)
	}
	if len([]rune(label)) > 40 {
		p.problem(place, "%q has more than 40 characters", label)
	}
	if labelFrom(label) != label && len([]rune(label)) <= 40 {
		p.problem(place, "%q has characters that a label must not have", label)
	}
	if first, taken := p.labels[label]; taken {
		p.problem(place, "another Map has this label: %s", first)
	}
	p.labels[label] = place
	return label
}

func (f *fields) optional(name string) string {
	if !f.has(name) {
		return ""
	}
	return f.required(name)
}

func labelFrom(name string) string {
	label := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f && r <= 0x9f || strings.ContainsRune("?*<>{}[]:;,\\|^~$#%&`\"/", r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(label); len(runes) > 40 {
		label = string(runes[:40])
	}
	return label
}
