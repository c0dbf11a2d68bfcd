package audit

import (
	"context"
	"fmt"
	"os"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/plan"
)

// audit is one at work.
type audit struct {
	Config
	input   job.Input
	recipes []string // of input.Variants
	s3      *counting
	dir     string // for spools
	fresh   bool   // the destination holds nothing

	wanted *sorter  // the outputs that sources want
	there  *sorter  // what the destination holds
	names  *journal // and under which keys
	report Report
}

// Run carries out an audit. Its memory does not depend on how many objects there are. The error is a
// job.InvalidInput where the input is refused, the context's where that ended, or says which call failed
// and which permission it needs.
func Run(ctx context.Context, c Config) (Report, error) {
	if c.Concurrency <= 0 {
		c.Concurrency = DefaultConcurrency
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	dir, err := os.MkdirTemp(c.Spool, "mapfleet-audit-*")
	if err != nil {
		return Report{}, fmt.Errorf("make a folder for the audit's spools: %w", err)
	}
	defer os.RemoveAll(dir)
	a := &audit{Config: c, dir: dir, s3: &counting{Store: c.Store}, report: newReport(c.Quick)}
	planner := plan.Planner{Store: &spooling{Store: a.s3}, Deployment: c.Deployment}
	if a.input, err = planner.Input(ctx, c.Input); err != nil {
		return Report{}, err
	}
	a.report.Input = a.input
	for _, v := range a.input.Variants {
		a.recipes = append(a.recipes, v.Recipe())
	}
	defer a.close()
	if err := a.run(ctx); err != nil {
		return Report{}, err
	}
	a.report.Requests = a.s3.requests()
	a.report.Clean = a.report.Differences() == 0
	return a.report, nil
}

// run goes from one listing to the next. The destination is listed before the source: what is written
// meanwhile is then never taken for an orphan.
func (a *audit) run(ctx context.Context) error {
	if err := a.checkBuckets(ctx); err != nil {
		return err
	}
	selected, err := a.selected(ctx)
	if err != nil {
		return err
	}
	orphans := selected.whole && !a.Quick || a.Orphans != nil
	if a.Quick || orphans {
		if err := a.listDestination(ctx); err != nil {
			return err
		}
	}
	a.announce(selected)
	a.wanted = newSorter(a.dir, a.chunk)
	if a.Quick {
		return a.compareListings(ctx, selected)
	}
	if err := a.lookAtOutputs(ctx, selected, orphans && selected.whole); err != nil {
		return err
	}
	if !orphans {
		return nil
	}
	if !selected.whole {
		if err := a.wantAll(ctx); err != nil {
			return err
		}
	}
	return a.findOrphans(ctx)
}

// checkBuckets finds out that both buckets are there, which the answer to a HEAD does not tell, and
// whether the destination holds anything.
func (a *audit) checkBuckets(ctx context.Context) error {
	d := a.Deployment
	_, err := a.s3.empty(ctx, d.SourceBucket, d.SourcePrefix)
	if e, ok := err.(fault.NoBucket); ok {
		return job.SourceMissing{Message: e.Message}
	}
	if err != nil {
		return err
	}
	a.fresh, err = a.s3.empty(ctx, d.DestinationBucket, d.DestinationPrefix)
	if e, ok := err.(fault.NoBucket); ok {
		return job.DestinationMissing{Message: e.Message}
	}
	return err
}

// listDestination spools what the destination holds.
func (a *audit) listDestination(ctx context.Context) (err error) {
	a.Progress.enter("listing the destination")
	a.there = newSorter(a.dir, a.chunk)
	if a.names, err = newJournal(a.dir); err != nil {
		return err
	}
	a.report.Destination = &Destination{}
	for item, err := range a.s3.list(ctx, a.Deployment.DestinationBucket, a.Deployment.DestinationPrefix) {
		if err != nil {
			return err
		}
		if err := a.there.add(keyRecord(item.Key, a.names.count, "")); err != nil {
			return err
		}
		if err := a.names.add(job.Item{Key: item.Key, Size: -1}); err != nil {
			return spoolFault(err)
		}
		a.report.Destination.Objects++
		a.Progress.destination.Add(1)
	}
	return nil
}

func (a *audit) close() {
	for _, s := range []*sorter{a.wanted, a.there} {
		if s != nil {
			s.close()
		}
	}
	if a.names != nil {
		a.names.close()
	}
}
