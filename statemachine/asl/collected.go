package asl

import (
	"context"
	"slices"
	"sync"
)

// collected keeps the outcomes for the output of the Map state, in the order of the children. What
// cannot fit into a state's output is not kept.
type collected struct {
	writer *resultWriter // nil: COMPACT
	arns   mapRunARNs

	mu       sync.Mutex
	children []keptRows
	bytes    int
	tooLarge bool
}

type keptRows struct {
	index int
	rows  []any
}

func (c *collected) add(o outcome) error {
	transformation := "COMPACT"
	if c.writer != nil {
		transformation = c.writer.transformation
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tooLarge || o.status == statusPending {
		return nil
	}
	rows, err := o.rows(transformation, c.arns)
	if err != nil {
		return err
	}
	copied := make([]any, len(rows))
	for i := range rows {
		if copied[i], err = plain(rows[i]); err != nil {
			return err
		}
		c.bytes += size(copied[i]) + 1
	}
	if c.bytes+1 > maxPayload { // a comma or bracket after each row, and one before the first
		c.children, c.tooLarge = nil, true
		return nil
	}
	c.children = append(c.children, keptRows{o.child.index, copied})
	return nil
}

func (c *collected) publish(context.Context) (any, error) {
	if c.tooLarge {
		return nil, failure(errorDataLimit, "the results of the Map Run have more than %d bytes; a ResultWriter would take them", maxPayload)
	}
	slices.SortFunc(c.children, func(a, b keptRows) int { return a.index - b.index })
	output := []any{} // A34
	for _, k := range c.children {
		output = append(output, k.rows...)
	}
	return output, nil
}

func (c *collected) close() {}
