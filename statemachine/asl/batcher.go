package asl

// itemBatcher is the ItemBatcher field (A22).
type itemBatcher struct {
	items, bytes amount
	input        expression // BatchInput; nil: none
}

// batch gathers items until one of its limits is reached.
type batch struct {
	most      int // items; 0: no limit
	mostBytes int
	input     any
	hasInput  bool
	base      int // bytes of an input without items

	items []any
	bytes int
}

func (b *itemBatcher) batchFor(c *contextObject, input any) (*batch, error) {
	most, err := b.items.in(input, c, 0)
	if err != nil {
		return nil, err
	}
	mostBytes, err := b.bytes.in(input, c, maxPayload)
	if err != nil {
		return nil, err
	}
	g := &batch{most: int(most), mostBytes: int(mostBytes), hasInput: b.input != nil}
	if g.hasInput {
		if g.input, err = b.input.evaluate(input, c); err != nil {
			return nil, err
		}
	}
	g.base = size(g.payload(nil))
	g.bytes = g.base
	return g, nil
}

// add takes an item and returns the batch that it completed or had no room in, or nil.
func (g *batch) add(item any) *child {
	n := size(item)
	var full *child
	if len(g.items) > 0 && g.bytes+1+n > g.mostBytes {
		full = g.flush()
	}
	if len(g.items) > 0 {
		g.bytes++ // comma
	}
	g.items, g.bytes = append(g.items, item), g.bytes+n
	if full == nil && len(g.items) == g.most {
		full = g.flush()
	}
	return full
}

// flush returns what has been gathered, or nil.
func (g *batch) flush() *child {
	if len(g.items) == 0 {
		return nil
	}
	k := &child{input: g.payload(g.items), items: len(g.items), limit: g.mostBytes, bytes: g.bytes}
	g.items, g.bytes = nil, g.base
	return k
}

func (g *batch) payload(items []any) any {
	if items == nil {
		items = []any{}
	}
	payload := map[string]any{"Items": items}
	if g.hasInput {
		payload["BatchInput"] = g.input
	}
	return payload
}

func (p *parser) itemBatcher(f *fields) *itemBatcher {
	b, ok := f.object("ItemBatcher")
	if !ok {
		return &itemBatcher{}
	}
	b.allow("MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "BatchInput")
	batcher := &itemBatcher{
		items: b.amount("MaxItemsPerBatch", 1, maxItems, true),
		bytes: b.amount("MaxInputBytesPerBatch", 1, maxPayload, true),
		input: b.template("BatchInput"),
	}
	if !batcher.items.given && !batcher.bytes.given {
		p.problem(b.place, "needs MaxItemsPerBatch or MaxInputBytesPerBatch")
	}
	return batcher
}
