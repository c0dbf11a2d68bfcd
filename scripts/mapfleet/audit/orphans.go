package audit

import (
	"context"
	"iter"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// wantAll notes what all sources of the deployment want, where the run input selects a part of them.
func (a *audit) wantAll(ctx context.Context) error {
	a.Progress.enter("listing the source")
	for item, err := range a.s3.list(ctx, a.Deployment.SourceBucket, a.Deployment.SourcePrefix) {
		if err != nil {
			return err
		}
		if err := a.want(a.wants(item), func(int) uint64 { return 0 }); err != nil {
			return err
		}
	}
	return nil
}

// outsider is an object that no source explains.
type outsider struct {
	key      string
	gone     bool
	orphaned bool
	denied   string
}

// findOrphans asks for every object of the destination that no source wants: those with the marks of an
// output are orphans.
func (a *audit) findOrphans(ctx context.Context) error {
	a.Progress.enter("comparing the listings")
	unexplained := newSorter(a.dir, a.chunk)
	defer unexplained.close()
	for m, err := range join(a.wanted.sorted(), a.there.sorted()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if !m.unexplained {
			continue
		}
		a.report.Destination.Unexplained++
		if err := unexplained.add(placeRecord(m.record.number(), 0, false)); err != nil {
			return err
		}
	}
	a.report.Destination.Outsiders = &Outsiders{}
	a.Progress.enter("looking at what no source explains")
	return inOrder(ctx, a.Concurrency, a.keys(unexplained), a.lookAtOutsider, a.settleOutsider)
}

// keys are those of the destination at the places, which are records.
func (a *audit) keys(places *sorter) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for r, err := range places.sorted() {
			var item job.Item
			if err == nil {
				place, _, _ := r.place()
				item, err = a.names.item(place)
			}
			if !yield(item.Key, err) || err != nil {
				return
			}
		}
	}
}

func (a *audit) lookAtOutsider(ctx context.Context, key string) (outsider, error) {
	out, err := a.s3.head(ctx, a.Deployment.DestinationBucket, key)
	switch e := err.(type) {
	case nil:
		return outsider{key: key, orphaned: out.Metadata[batch.MarkRecipe] != ""}, nil
	case fault.Gone: // meanwhile
		return outsider{key: key, gone: true}, nil
	case job.AccessDenied: // others could be read
		return outsider{key: key, denied: e.Message}, nil
	default:
		return outsider{}, err
	}
}

func (a *audit) settleOutsider(o outsider) error {
	a.Progress.outsides.Add(1)
	d := a.report.Destination
	switch {
	case o.gone:
		d.Unexplained--
	case o.denied != "":
		d.Denied++
		a.report.add(Finding{kind: Denied, Output: o.key, Reason: o.denied})
	case !o.orphaned:
		d.Foreign++
	default:
		a.Progress.differences.Add(1)
		a.report.add(Finding{kind: Orphaned, Output: o.key})
		if a.Orphans != nil {
			return writeItem(a.Orphans, job.Item{Key: o.key, Size: -1})
		}
	}
	return nil
}
