package merge

import (
	"bytes"
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/mapruns"
)

// readAhead is how many objects are on their way at a time, each of a megabyte or two at most: one after
// the other, those of ten million lines would take an hour.
const readAhead = 16

// findings is all findings of a run in the order of their lines. An object holds those of one round over
// one batch; the rounds of a batch lie between each other's lines, so that objects are open at the same
// time: as many as a batch has rounds.
type findings struct {
	coming  <-chan *object // in the order of their first lines, which their keys tell
	next    *object        // the first of coming that is not open
	open    opened
	failure func() error // of the listing, once coming is closed
	note    func(format string, args ...any)
}

// object is one object of findings.
type object struct {
	key     string
	first   int // no finding in it has a line before
	fetched chan struct{}
	err     error
	decoder *json.Decoder
	finding checks.Finding // the next one
}

// newFindings begins to read. Its goroutines end with ctx.
func newFindings(ctx context.Context, s mapruns.Store, bucket, prefix string, note func(string, ...any)) *findings {
	coming := make(chan *object, readAhead)
	var failed error
	go func() {
		defer close(coming)
		failed = list(ctx, s, bucket, prefix, coming)
	}()
	return &findings{coming: coming, note: note, failure: func() error { return failed }}
}

// list sends every object below prefix, and fetches as many as have room in the channel.
func list(ctx context.Context, s mapruns.Store, bucket, prefix string, coming chan<- *object) error {
	pages := s3.NewListObjectsV2Paginator(s, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fault.Of("ListObjectsV2", bucket, prefix, err)
		}
		for _, entry := range page.Contents {
			o := &object{key: aws.ToString(entry.Key), fetched: make(chan struct{})}
			number, _, _ := strings.Cut(path.Base(o.key), "-")
			o.first, _ = strconv.Atoi(number)
			select {
			case coming <- o:
			case <-ctx.Done():
				return ctx.Err()
			}
			go func() {
				defer close(o.fetched)
				body, err := s.Read(ctx, bucket, o.key)
				o.err, o.decoder = err, json.NewDecoder(bytes.NewReader(body))
			}()
		}
	}
	return nil
}

// at returns the finding of a line, if there is one. Lines are asked for in their order.
func (f *findings) at(line int) (found checks.Finding, ok bool, err error) {
	if err := f.openUpTo(line); err != nil {
		return found, false, err
	}
	for len(f.open) > 0 && f.open[0].finding.Line <= line {
		top := f.open[0]
		switch {
		case top.finding.Line < line:
			f.note("There is a finding of line %d, which is none of the file's, or is there twice.", top.finding.Line)
		case ok:
			f.note("Line %d has two findings.", line)
		default:
			found, ok = top.finding, true
		}
		f.advance()
	}
	return found, ok, nil
}

// rest says whether there are findings behind the last line.
func (f *findings) rest() error {
	const behind = 1 << 62
	_, _, err := f.at(behind)
	return err
}

// openUpTo opens all objects that may hold a line up to this one.
func (f *findings) openUpTo(line int) error {
	for {
		if f.next == nil {
			o, more := <-f.coming
			if !more {
				return f.failure()
			}
			f.next = o
		}
		if f.next.first > line {
			return nil
		}
		o := f.next
		f.next = nil
		<-o.fetched
		if o.err != nil {
			return o.err
		}
		if f.read(o) {
			heap.Push(&f.open, o)
		}
	}
}

// advance takes the top object to its next finding.
func (f *findings) advance() {
	if f.read(f.open[0]) {
		heap.Fix(&f.open, 0)
		return
	}
	heap.Pop(&f.open)
}

// read takes o to its next finding. It says whether there is one.
func (f *findings) read(o *object) bool {
	before := o.finding.Line
	o.finding = checks.Finding{}
	err := o.decoder.Decode(&o.finding)
	if err == nil && o.finding.Line < max(before, o.first) {
		err = fmt.Errorf("line %d comes after %d", o.finding.Line, max(before, o.first))
	}
	if err != nil && err != io.EOF {
		f.note("%s cannot be read: %v.", o.key, err)
	}
	return err == nil
}

// opened is a heap of objects by the lines of their next findings.
type opened []*object

func (o opened) Len() int           { return len(o) }
func (o opened) Less(i, j int) bool { return o[i].finding.Line < o[j].finding.Line }
func (o opened) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }

// Push is heap.Interface's.
func (o *opened) Push(x any) { *o = append(*o, x.(*object)) }

// Pop is heap.Interface's.
func (o *opened) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}
