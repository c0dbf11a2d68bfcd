package asl

import "context"

// page is a record of the log of items: what was read at once, and the place behind it. It is safe in
// the journal before any of its items is worked on, so that a redrive goes over the very same list:
// an item that has come or gone in the bucket meanwhile changes nothing (A39). Where the list was cut
// short, it goes on behind the last page.
type page struct {
	place
	List []any `json:"items,omitempty"`
}

// read sends the items of the list: on a redrive first what the journal has of it, to its end even if ctx has
// ended; then what the source has behind that. It returns why it could not go on, unless ctx ended or
// send refused.
func (r *mapRun) read(ctx context.Context, send func(items []any) bool) error {
	if r.list.Items > 0 {
		for page, err := range kept[page](r.journal, itemsLog(r.opened.ID)) {
			if err != nil {
				return err
			}
			if len(page.List) > 0 && !send(page.List) {
				return nil
			}
		}
	}
	if r.list.Last || ctx.Err() != nil {
		return nil
	}
	upTo, stopped := r.list, false
	var unkept error
	err := r.source(ctx, r.list, func(items []any, next place) bool {
		if ctx.Err() == nil {
			unkept = keepSafe(r.journal, itemsLog(r.opened.ID), page{next, items})
		}
		if stopped = ctx.Err() != nil || unkept != nil; stopped {
			return false
		}
		upTo = next
		r.board.read(len(items))
		stopped = !send(items)
		return !stopped
	})
	switch {
	case unkept != nil:
		return unkept
	case ctx.Err() != nil || stopped:
		return nil
	case err != nil:
		return &Error{Name: errorItemReader, Cause: err.Error()}
	}
	r.board.listed()
	if upTo.Last {
		return nil
	}
	upTo.Last = true
	return keepSafe(r.journal, itemsLog(r.opened.ID), page{place: upTo})
}
