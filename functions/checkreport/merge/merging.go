package merge

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/prepare/upload"
	"mapfleet/functions/report/mapruns"
)

// merging goes over the file once more, and takes every line to its result.
type merging struct {
	*Reporter
	store mapruns.Store
	plan  checks.Plan
	book  *book
	late  bool // a later run has reported: the results are beside the report, for the readers of that

	findings *findings
	memory   *memory
	results  rows
	failing  *json.Encoder
}

// merge writes the results and failing.jsonl, and fills the book.
func (m *merging) merge(ctx context.Context, before *past) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if m.memory, err = remember(ctx, m.store, m.WorkBucket, before, m.plan.Version, m.book.lose); err != nil {
		return err
	}
	defer m.memory.close()
	if m.memory.wantsNames() {
		if err := m.meet(ctx); err != nil {
			return err
		}
	}
	items, err := m.store.Open(ctx, m.plan.Items.Bucket, m.plan.Items.Key)
	if err != nil {
		return err
	}
	defer items.Close()
	m.findings = newFindings(ctx, m.store, m.plan.Job.Work.Bucket, m.plan.Job.Work.Prefix+checks.FindingsFolder, m.book.note)

	bucket, key, _ := job.SplitURL(m.plan.Output)
	results := upload.New(ctx, m.S3, bucket, key, contentType(key))
	defer results.Abort()
	failures := upload.New(ctx, m.S3, m.WorkBucket, checks.ReportKey(m.plan.Run, failingName), "application/jsonl")
	defer failures.Abort()
	buffer := bufio.NewWriterSize(failures, 64<<10)
	m.results, m.failing = newRows(results, key), json.NewEncoder(buffer)
	m.failing.SetEscapeHTML(false)

	if err := m.lines(items, m.line); err != nil {
		return err
	}
	if err := m.findings.rest(); err != nil {
		return err
	}
	if err := m.memory.left(m.book.recover); err != nil {
		return err
	}
	if err := m.results.flush(); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	if err := failures.Close(); err != nil {
		return err
	}
	if !m.late {
		if _, newer, err := readLast(ctx, m.store, m.WorkBucket, m.plan); err != nil || newer {
			return cmp.Or(err, errOvertaken)
		}
	}
	return results.Close()
}

// errOvertaken says that a later run has reported while this one was at its report.
var errOvertaken = errors.New("overtaken")

// meet has the memory take notice of all lines.
func (m *merging) meet(ctx context.Context) error {
	items, err := m.store.Open(ctx, m.plan.Items.Bucket, m.plan.Items.Key)
	if err != nil {
		return err
	}
	defer items.Close()
	return m.lines(items, func(l line) error {
		m.memory.meet(l)
		return nil
	})
}

// lines hands on all lines of items, in their order.
func (m *merging) lines(items io.Reader, each func(line) error) error {
	in := json.NewDecoder(bufio.NewReaderSize(items, 64<<10))
	for {
		var l line
		err := in.Decode(&l)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if damaged(err) {
			return job.Unavailable{Message: fmt.Sprintf("read s3://%s/%s: %v", m.plan.Items.Bucket, m.plan.Items.Key, err)}
		}
		if err != nil {
			return err
		}
		if err := each(l); err != nil {
			return err
		}
	}
}

func contentType(key string) string {
	if isTable(key) {
		return "text/csv; charset=utf-8"
	}
	return "application/jsonl"
}

// line takes one line to its result. The results alone have its URL whole: what else is made of it is read by
// others than the owner of the file.
func (m *merging) line(l line) error {
	f, ok, err := m.findings.at(l.Line)
	if err != nil {
		return err
	}
	if !ok {
		f = checks.Finding{Line: l.Line, Code: checks.NotDone, Message: "its batch failed, or was not started"}
	}
	f.ID, f.URL = l.ID, l.shown() // as they are in the file
	was, before, err := m.memory.take(l, f.Code == checks.OK)
	if err != nil {
		return err
	}
	now, fails := m.book.change(f, l.identity(), was, before)
	shown := f
	shown.URL = checks.Shown(f.URL)
	m.book.add(shown)
	if fails {
		if err := m.failing.Encode(now); err != nil {
			return err
		}
	}
	if m.late {
		return m.results.write(shown)
	}
	return m.results.write(f)
}
