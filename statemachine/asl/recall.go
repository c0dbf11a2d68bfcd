package asl

import (
	"fmt"
	"iter"
)

// recalled is what the journal tells of a Map Run's earlier attempts. It holds a few bytes for each child,
// and no item.
type recalled struct {
	list    place           // how far the items had been read
	records int             // in the log of children
	last    []recalledChild // by index
	items   int             // of the children that have ended
}

// recalledChild is the last word on a child: the record that has it, and what it says.
type recalledChild struct {
	record    int32 // 1 for the first; 0: the child has not ended
	items     int32
	succeeded bool
}

// recall reads the journal, and takes the successes into the results and all counts onto the board.
func (r *mapRun) recall() error {
	for e, err := range kept[ended](r.journal, childrenLog(r.opened.ID)) {
		if err != nil {
			return err
		}
		r.records++
		if e.Begun {
			r.begun = true
		} else if err := r.recallChild(e); err != nil {
			return err
		}
	}
	if !r.begun { // the bucket is listed anew, and a file read again (A39)
		return journalFault(itemsLog(r.opened.ID), r.journal.Drop(itemsLog(r.opened.ID)))
	}
	for page, err := range kept[place](r.journal, itemsLog(r.opened.ID)) {
		if err != nil {
			return err
		}
		r.list = page
	}
	r.board.recalled(r.list)
	return nil
}

func (r *mapRun) recallChild(e ended) error {
	for len(r.last) <= e.Index {
		r.last = append(r.last, recalledChild{})
	}
	c := &r.last[e.Index]
	r.items += e.Items - int(c.items)
	*c = recalledChild{int32(r.records), int32(e.Items), e.Status == statusSucceeded}
	if !c.succeeded {
		return nil
	}
	k := &child{index: e.Index, items: e.Items, input: e.Input, redrives: e.Redrives}
	r.name(k)
	r.board.succeededBefore(k)
	if err := r.results.add(e.outcome(k)); err != nil {
		return failure(errorResultWriter, "keep the results of child %s: %v", k.name, err)
	}
	return nil
}

// unsuccessful yields the children that had ended otherwise than well, as the journal has them.
func (r *mapRun) unsuccessful() iter.Seq2[*child, error] {
	return func(yield func(*child, error) bool) {
		if r.records == 0 {
			return
		}
		record := 0
		for e, err := range kept[ended](r.journal, childrenLog(r.opened.ID)) {
			if err != nil {
				yield(nil, err)
				return
			}
			if record++; record > r.records {
				return // of this attempt
			}
			if e.Begun || int(r.last[e.Index].record) != record || r.last[e.Index].succeeded {
				continue
			}
			k := &child{index: e.Index, items: e.Items, input: e.Input, bytes: size(e.Input), limit: r.mostBytes(), before: &e, redrives: e.Redrives}
			r.name(k)
			if !yield(k, nil) {
				return
			}
		}
	}
}

// nothingLeft says whether every item of the list is in a child that has ended, so that the list need not
// be gone over.
func (r *mapRun) nothingLeft() bool { return r.list.Last && r.items == r.list.Items }

// hasEnded says whether an earlier attempt has a word on the child.
func (r *mapRun) hasEnded(k *child) (bool, error) {
	if k.index >= len(r.last) || r.last[k.index].record == 0 {
		return false, nil
	}
	if before := int(r.last[k.index].items); before != k.items {
		return true, journalFault(childrenLog(r.opened.ID), fmt.Errorf("child %d had %d items, but the list gives it %d", k.index, before, k.items))
	}
	return true, nil
}

// mostBytes is how large the input of a child may be.
func (r *mapRun) mostBytes() int {
	if r.batch != nil {
		return r.batch.mostBytes
	}
	return maxPayload
}

// recalled counts what the journal tells: list is how far the items had been read.
func (b *board) recalled(list place) {
	s, r := &b.state, b.owner
	s.Listed = list.Last
	s.Items.Total = int64(list.Items)
	for _, c := range r.last {
		if c.record == 0 {
			continue
		}
		s.Executions.Total++
		if !c.succeeded {
			s.Items.PendingRedrive += int64(c.items)
			s.Executions.PendingRedrive++
		}
	}
	s.Items.Pending = s.Items.Total - s.Items.Succeeded - s.Items.PendingRedrive
}

// succeededBefore counts a child that needs no redrive.
func (b *board) succeededBefore(k *child) {
	b.state.Items.Succeeded += int64(k.items)
	b.state.Executions.Succeeded++
	b.written(k)
}
