package account

import (
	"context"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/report/look"
	"mapfleet/functions/report/mapruns"
)

// readRun adds up all result files of the run.
func (b *book) readRun(ctx context.Context, s store, plan job.Plan, ended Ended) error {
	manifests, err := mapruns.Find(ctx, s.Store, ended.MapRuns, plan.Results)
	if err != nil {
		return err
	}
	visitor := mapruns.Visitor[record]{Succeeded: b.succeeded, Failed: b.failed, Pending: b.pending, Note: b.note}
	for _, at := range manifests {
		ok, err := visitor.Visit(ctx, s.Store, at)
		if gone, missing := err.(fault.Gone); missing {
			b.note("Result files are missing: %s.", gone.Message)
			err = nil
		}
		if err != nil {
			return err
		}
		if ok {
			b.mapRuns++
		}
	}
	if len(manifests) < len(plan.Shards) && ended.Status == "" {
		b.note("%s of %s Map Runs left no result files.", look.Count(len(plan.Shards)-len(manifests)), look.Count(len(plan.Shards)))
	}
	return nil
}
