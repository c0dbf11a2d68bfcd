package audit

import (
	"context"
	"slices"

	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// A number of a wanted key in a quick audit holds the place of the source in the journal, the variant,
// and whether the run input selects the source.
const (
	variantBits = 5 // a recipe has at most 20
	selectedBit = 1 << variantBits
	placeShift  = variantBits + 1
)

// comparison is the work of a quick audit.
type comparison struct {
	*audit
	sources     *journal // those that are selected
	absent      *sorter  // places of outputs that are missing, or collide
	unexplained *sorter  // places of objects
}

// compareListings finds outputs that are missing by listings alone: the keys that sources want are
// spooled, sorted, and laid beside the listing of the destination.
func (a *audit) compareListings(ctx context.Context, s selection) error {
	sources, err := newJournal(a.dir)
	if err != nil {
		return err
	}
	q := comparison{a, sources, newSorter(a.dir, a.chunk), newSorter(a.dir, a.chunk)}
	defer q.sources.close()
	defer q.absent.close()
	defer q.unexplained.close()
	a.Progress.enter("listing the source")
	for item, err := range s.items {
		if err != nil {
			return err
		}
		if err := q.take(item); err != nil {
			return err
		}
	}
	a.Progress.enter("comparing the listings")
	for m, err := range join(a.wanted.sorted(), a.there.sorted()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := q.sort(m); err != nil {
			return err
		}
	}
	if err := q.settleAbsent(); err != nil {
		return err
	}
	return q.showUnexplained(s.whole)
}

// take notes what one source wants.
func (q *comparison) take(item job.Item) error {
	q.Progress.sources.Add(1)
	c := q.wants(item)
	place := q.sources.count
	number := place << placeShift
	if c.ignored != "" {
		if err := q.settle(c); err != nil {
			return err
		}
	} else {
		number |= selectedBit
		if err := q.sources.add(item); err != nil {
			return spoolFault(err)
		}
	}
	if c.refused && c.ignored == "" {
		if err := q.absent.add(placeRecord(place, slices.Index(c.outputs, ""), false)); err != nil {
			return err
		}
	}
	return q.want(c, func(variant int) uint64 { return number | uint64(variant) })
}

// sort puts a match aside where it is a difference.
func (q *comparison) sort(m match) error {
	number := m.record.number()
	switch {
	case m.unexplained:
		q.report.Destination.Unexplained++
		return q.unexplained.add(placeRecord(number, 0, false))
	case number&selectedBit != 0 && (m.missing || m.collides):
		return q.absent.add(placeRecord(number>>placeShift, int(number&(selectedBit-1)), m.collides))
	}
	return nil
}

// settleAbsent settles the sources that lack outputs in the order of their listing, all others in one
// sum.
func (q *comparison) settleAbsent() error {
	settled, at := int64(0), uint64(0)
	var c *account // of the source at that place
	finish := func() error {
		if c == nil {
			return nil
		}
		if !c.refused && c.is(Missing) && !job.NamedAsPicture(c.item.Key) {
			c.ignore(batch.IgnoredNoImage)
		}
		settled++
		return q.settle(*c)
	}
	for r, err := range q.absent.sorted() {
		if err != nil {
			return err
		}
		place, variant, collides := r.place()
		if c == nil || place != at {
			if err := finish(); err != nil {
				return err
			}
			item, err := q.sources.item(place)
			if err != nil {
				return err
			}
			wanting := q.wants(item)
			c, at = &wanting, place
		}
		output := c.outputs[variant]
		f := Finding{kind: Missing, Source: c.item.Key, Variant: q.input.Variants[variant].Name, Output: output}
		if collides {
			f.kind, f.Reason = Collision, "another source wants the same key"
		}
		if output != "" { // else wants has said so
			c.add(f)
		}
	}
	if err := finish(); err != nil {
		return err
	}
	whole := int64(q.sources.count) - settled
	q.report.Sources.Listed += whole
	q.report.Sources.Current += whole
	q.report.Outputs.Current += whole * int64(len(q.input.Variants))
	return nil
}

// showUnexplained names the first objects that no source explains. Of a part of the source nothing can
// be said.
func (q *comparison) showUnexplained(whole bool) error {
	if !whole {
		q.report.Destination = nil
		return nil
	}
	for key, err := range q.keys(q.unexplained) {
		if err != nil {
			return err
		}
		q.report.Unexplained = append(q.report.Unexplained, key)
		if len(q.report.Unexplained) == Shown {
			break
		}
	}
	return nil
}
