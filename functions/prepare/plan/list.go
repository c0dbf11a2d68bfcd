package plan

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/manifest"
	"mapfleet/functions/prepare/upload"
)

// list is items.jsonl on its way to the work bucket: the items that a Map Run reads, one a line in the
// shape that workers read, each key once where its lines follow each other, as failures of several
// variants do. What the run's filter stops stays in it: a worker counts it as ignored, for some thirty
// cents a million, and the accounts of a manifest are those of a listing.
type list struct {
	ctx    context.Context
	survey survey
	left   map[string]int
	most   int // items; 0 is no limit

	out   *upload.Object // nil in a dry run
	lines *bufio.Writer
	bytes int64
	last  string // key
	key   string // of items.jsonl
	place string // of what is read now, for messages
}

// maxListBytes is the longest file that a Map Run reads.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
const maxListBytes = 10 << 30

func (p *Planner) newList(ctx context.Context, in job.Input, run string) *list {
	l := &list{ctx: ctx, survey: survey{filter: in.Filter}, most: in.MaxItems, key: job.WorkKey(run, "items.jsonl")}
	if in.DryRun {
		l.lines = bufio.NewWriter(io.Discard)
		return l
	}
	l.out = upload.New(ctx, p.Store, p.Deployment.WorkBucket, l.key, "application/jsonl")
	l.lines = bufio.NewWriterSize(l.out, 64<<10)
	return l
}

// errEnough ends the reading of a manifest: the list has as many items as the run takes.
var errEnough = errors.New("enough")

// take adds what is no more than a line of a manifest.
func (l *list) take(e manifest.Entry) error {
	if e.Left != "" {
		l.leave(e.Left)
		return nil
	}
	return l.add(e.Item)
}

func (l *list) leave(code string) {
	if l.left == nil {
		l.left = map[string]int{}
	}
	l.left[code]++
}

// add adds an item. The error is errEnough, one of job's types, or the context's.
func (l *list) add(item job.Item) error {
	if item.Key == l.last {
		l.leave(job.LeftRepeated)
		return nil
	}
	switch {
	case l.most > 0 && l.survey.items == l.most:
		return errEnough
	case l.survey.items == job.MaxMapRunItems:
		return l.refuse(fmt.Sprintf("at most %d items in one list", job.MaxMapRunItems))
	case l.survey.items%1000 == 0 && l.ctx.Err() != nil:
		return l.ctx.Err()
	case l.survey.items%1000 == 0 && late(l.ctx):
		return l.refuse("as many items as can be read in the quarter of an hour that there is: split the list")
	}
	line, err := item.MarshalJSON()
	if err != nil {
		return err
	}
	if l.bytes += int64(len(line)) + 1; l.bytes > maxListBytes {
		return l.refuse(fmt.Sprintf("items of at most %d bytes in all: split the list", int64(maxListBytes)))
	}
	if _, err := l.lines.Write(append(line, '\n')); err != nil {
		return fault.AtEdge(err)
	}
	l.last = item.Key
	l.survey.add(item)
	return nil
}

func (l *list) refuse(allowed string) error {
	return job.InvalidInput{Problems: []job.Problem{{Field: l.place, Given: fmt.Sprintf("more than %d items", l.survey.items), Allowed: allowed}}}
}

// stopped is the error of a list, nil where it is only full.
func stopped(err error) error {
	if err == errEnough {
		return nil
	}
	return err
}

// close makes items.jsonl appear.
func (l *list) close() error {
	if err := l.lines.Flush(); err != nil || l.out == nil {
		return err
	}
	return l.out.Close()
}

// shard is what a Map Run over the list is told.
func (l *list) shard(p *Planner) job.Shard {
	return job.Shard{Kind: job.ShardManifest, Bucket: p.Deployment.WorkBucket, Key: l.key, Items: l.survey.items}
}
