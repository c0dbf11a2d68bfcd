package asl

import (
	"context"
	"sync"
)

// maxInline is how many iterations of an inline Map run at once, at most (A18).
const maxInline = 40

// inlineMap runs its states once for each item, inside the execution.
type inlineMap struct {
	graph       *graph
	itemsPath   *path
	selector    expression // nil: the item as it is
	concurrency amount
}

func (m *inlineMap) run(ctx context.Context, c *contextObject, input any) (output any, next string, err error) {
	items, err := itemsIn(m.itemsPath, input, c)
	if err != nil {
		return nil, "", err
	}
	limit, err := m.concurrency.in(input, c, 0)
	if err != nil {
		return nil, "", err
	}
	if limit == 0 || limit > maxInline {
		limit = maxInline
	}
	before, err := c.track.resume(c.retries)
	if err != nil {
		return nil, "", err
	}
	c.execution.tell(c.event(MapStarted, Event{Length: len(items)}))
	defer func() { c.mapEnded(ctx, err) }()
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	results := make([]any, len(items))
	slots := make(chan struct{}, int(limit))
	var running sync.WaitGroup
	for i, value := range items {
		if p := before[i]; p != nil && p.done {
			results[i] = p.output
			continue
		}
		slots <- struct{}{}
		if inner.Err() != nil {
			break
		}
		running.Go(func() {
			defer func() { <-slots }()
			var err error
			if results[i], err = m.iterate(inner, c, c.track.iteration(i, before), input, &mapItem{i, value}); err != nil {
				cancel(err) // the first failure stops the others
			}
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return nil, "", stopped(ctx)
	}
	return results, "", context.Cause(inner)
}

// mapEnded tells how a Map ended that had begun. One that was stopped from outside is told of as aborted.
func (c *contextObject) mapEnded(ctx context.Context, err error) {
	switch {
	case err == nil:
		c.execution.tell(c.event(MapSucceeded, Event{}))
	case ctx.Err() == nil:
		failed := asError(err, errorRuntime)
		c.execution.tell(c.event(MapFailed, Event{Error: failed.Name, Cause: failed.Cause}))
	}
}

func (m *inlineMap) iterate(ctx context.Context, c *contextObject, t *track, input any, item *mapItem) (output any, err error) {
	own := *c
	own.track = t
	c.execution.tell(own.event(IterationStarted, Event{}))
	defer func() { c.execution.tell(own.iterationEnded(ctx, err)) }()
	value, err := selected(m.selector, input, c, item)
	if err != nil {
		return nil, err
	}
	if err := within(value, "item", c.state); err != nil {
		return nil, err
	}
	return m.graph.run(ctx, c.execution, t, item, value)
}

func (c *contextObject) iterationEnded(ctx context.Context, err error) Event {
	switch {
	case err == nil:
		return c.event(IterationSucceeded, Event{})
	case ctx.Err() != nil:
		return c.event(IterationAborted, Event{})
	}
	failed := asError(err, errorRuntime)
	return c.event(IterationFailed, Event{Error: failed.Name, Cause: failed.Cause})
}

// selected is what an iteration gets for an item: the item, or what ItemSelector makes of it.
func selected(selector expression, input any, c *contextObject, item *mapItem) (any, error) {
	if selector == nil {
		return item.value, nil
	}
	return selector.evaluate(input, c.forItem(item))
}

func itemsIn(p *path, input any, c *contextObject) ([]any, error) {
	v, where := input, "the input"
	if p != nil {
		var err error
		if v, err = p.find(input, c, "ItemsPath"); err != nil {
			return nil, err
		}
		where = "ItemsPath " + p.text
	}
	items, ok := v.([]any)
	if !ok {
		return nil, failure(errorRuntime, "state %q: %s is not an array", c.state, where)
	}
	return items, nil
}

// isDistributed looks ahead: the mode decides which fields a Map may have.
func isDistributed(f *fields) bool {
	processor, _ := f.values["ItemProcessor"].(map[string]any)
	config, _ := processor["ProcessorConfig"].(map[string]any)
	return config["Mode"] == "DISTRIBUTED"
}

func (p *parser) mapState(f *fields, s *state) action {
	processor, _ := f.object("ItemProcessor")
	processor.allow("Comment", "ProcessorConfig", "StartAt", "States")
	config := &fields{p: p, place: processor.at("ProcessorConfig")}
	if processor.has("ProcessorConfig") {
		config, _ = processor.object("ProcessorConfig")
	}
	distributed := config.oneOf("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED"
	inline := &inlineMap{
		itemsPath:   f.path("ItemsPath"),
		selector:    p.itemSelector(f),
		concurrency: f.amount("MaxConcurrency", 0, 1<<31-1, true),
	}
	if !distributed {
		config.allow("Mode")
		inline.graph = p.processor(processor, true, p.child)
		return inline
	}
	config.allow("Mode", "ExecutionType")
	if p.child {
		p.problem(config.at("Mode"), "a DISTRIBUTED Map cannot stand inside the EXPRESS child executions of another")
	}
	d := p.distributed(f, s, inline)
	if d.express = config.oneOf("ExecutionType", "STANDARD", "EXPRESS") == "EXPRESS"; !config.has("ExecutionType") {
		p.problem(config.at("ExecutionType"), "is missing")
	}
	d.graph = p.processor(processor, false, p.child || d.express)
	return d
}

func (p *parser) itemSelector(f *fields) expression {
	defer func(was bool) { p.item = was }(p.item)
	p.item = true
	return f.template("ItemSelector")
}

// processor parses the states of an ItemProcessor: item says whether they see $$.Map.Item.
func (p *parser) processor(f *fields, item, child bool) *graph {
	defer func(item, child bool) { p.item, p.child = item, child }(p.item, p.child)
	p.item, p.child = item, child
	return p.graph(f)
}
