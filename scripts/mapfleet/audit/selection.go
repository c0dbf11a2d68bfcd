package audit

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"mapfleet/functions/job"
	"mapfleet/functions/prepare/plan"
)

// selection is what a run input selects of the source.
type selection struct {
	items iter.Seq2[job.Item, error] // may be gone over once
	whole bool                       // all that the deployment has
	count int64                      // of items; -1 if unknown before they are listed
}

// selected finds out what the input selects. A manifest in any form is read by Prepare itself, so that
// an audit goes over the items that a run would.
func (a *audit) selected(ctx context.Context) (selection, error) {
	if a.input.Keys == nil && a.input.Manifest == "" && a.input.RetryFailuresOf == "" {
		whole := a.input.Prefix == a.Deployment.SourcePrefix
		return selection{items: a.s3.list(ctx, a.Deployment.SourceBucket, a.input.Prefix), whole: whole, count: -1}, nil
	}
	a.Progress.enter("reading the manifest")
	spool := &spooling{Store: a.s3, dir: a.dir, files: map[string]string{}}
	planner := plan.Planner{Store: spool, Deployment: a.Deployment}
	only, err := selecting(a.Input)
	if err != nil {
		return selection{}, err
	}
	planned, err := planner.Plan(ctx, job.Start{Input: only, Run: "audit", Started: time.Now()})
	if err != nil {
		return selection{}, ForPerson(err)
	}
	var files []string
	var count int64
	for _, shard := range planned.Shards {
		file, ok := spool.files[shard.Key]
		if shard.Kind != job.ShardManifest || !ok {
			return selection{}, fmt.Errorf("what the run input selects is laid out as a %s, which an audit cannot read: name a prefix instead", shard.Kind)
		}
		files = append(files, file)
		count += int64(shard.Items)
	}
	return selection{items: readItems(files), count: count}, nil
}

// selecting leaves of a run input what names a manifest, and the recipe, lest that of an earlier run be asked for:
// how a run is bounded, or its cost, is nothing to an audit.
func selecting(input json.RawMessage) (json.RawMessage, error) {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(input, &given); err != nil {
		return nil, err
	}
	only := map[string]json.RawMessage{}
	for _, name := range []string{"manifest", "keys", "retryFailuresOf", "variants", "overwrite", "filter"} {
		if value, ok := given[name]; ok {
			only[name] = value
		}
	}
	return json.Marshal(only)
}

// readItems reads files of JSON Lines, one after the other.
func readItems(files []string) iter.Seq2[job.Item, error] {
	return func(yield func(job.Item, error) bool) {
		for _, name := range files {
			f, err := os.Open(name)
			if err != nil {
				yield(job.Item{}, err)
				return
			}
			defer f.Close() // few files: at most one for each shard
			lines := json.NewDecoder(bufio.NewReader(f))
			for {
				var item job.Item
				err := lines.Decode(&item)
				if errors.Is(err, io.EOF) {
					break
				}
				if !yield(item, err) || err != nil {
					return
				}
			}
		}
	}
}
