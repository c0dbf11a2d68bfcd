package plan

import (
	"context"

	"mapfleet/functions/job"
)

// found is what a run goes over.
type found struct {
	shards []job.Shard // none where there is nothing to do: what a Map Run does over nothing is not known
	about  int         // items
	more   bool        // there are more than about
	survey survey      // of all items, where they were counted
	list   *list       // items.jsonl on its way; nil if there is none
}

// find lays out what the run goes over. A listing is counted to its end where an estimate is wanted, and
// else up to its first page of 1,000. The caller ends what is found by commit or abort, also after an
// error.
func (p *Planner) find(ctx context.Context, in job.Input, run string) (found, error) {
	switch {
	case in.Keys != nil:
		f := found{list: p.newList(ctx, in, run)}
		f.list.place = "keys"
		for _, key := range in.Keys {
			if err := f.list.add(job.Item{Key: key, Size: -1}); err == errEnough {
				break
			} else if err != nil {
				return f, err
			}
		}
		return f.listed(p), nil
	case in.Manifest != "":
		f := found{list: p.newList(ctx, in, run)}
		bucket, key, _ := job.SplitURL(in.Manifest)
		err := p.readManifest(ctx, f.list, bucket, key)
		return f.listed(p), err
	case in.RetryFailuresOf != "":
		f := found{list: p.newList(ctx, in, run)}
		err := p.readManifest(ctx, f.list, p.Deployment.WorkBucket, job.ReportKey(in.RetryFailuresOf, "failures.jsonl"))
		return f.listed(p), noFailures(in.RetryFailuresOf, err)
	case in.ShardBy != "":
		return p.split(ctx, in, run)
	default:
		return p.listing(ctx, in)
	}
}

// listed takes over what its list alone holds.
func (f found) listed(p *Planner) found {
	f.shards = []job.Shard{}
	if f.list.survey.items > 0 {
		f.shards = append(f.shards, f.list.shard(p))
	}
	f.survey = f.list.survey
	f.about = f.survey.items
	return f
}

// left counts the lines that are no items, nil for none.
func (f found) left() map[string]int {
	if f.list == nil {
		return nil
	}
	return f.list.left
}

// commit makes items.jsonl appear, if there is one with something in it.
func (f found) commit() error {
	if f.list == nil || f.list.survey.items == 0 {
		return nil
	}
	return f.list.close()
}

// abort takes back an items.jsonl that was not committed.
func (f found) abort() {
	if f.list != nil && f.list.out != nil {
		f.list.out.Abort()
	}
}
