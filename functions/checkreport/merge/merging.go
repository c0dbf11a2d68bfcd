package merge

import (
	"bufio"
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

	findings *findings
	memory   *memory
	results  rows
	failing  *json.Encoder
}

// line is what matters here of an item.
type line struct {
	Line int    `json:"line"`
	ID   string `json:"id"`
	URL  string `json:"url"`
}

// merge writes the results and failing.jsonl, and fills the book.
func (m *merging) merge(ctx context.Context, before *past) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if m.memory, err = remember(ctx, m.store, m.WorkBucket, before, m.plan.Version); err != nil {
		return err
	}
	defer m.memory.close()
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

	in := json.NewDecoder(bufio.NewReaderSize(items, 64<<10))
	for {
		var l line
		err := in.Decode(&l)
		if errors.Is(err, io.EOF) {
			break
		}
		if damaged(err) {
			return job.Unavailable{Message: fmt.Sprintf("read s3://%s/%s: %v", m.plan.Items.Bucket, m.plan.Items.Key, err)}
		}
		if err != nil {
			return err
		}
		if err := m.line(l); err != nil {
			return err
		}
	}
	if err := m.findings.rest(); err != nil {
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
	return results.Close()
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
	f.ID, f.URL = l.ID, l.URL // as they are in the file
	was, before, err := m.memory.take(l.Line, l.ID, l.URL)
	if err != nil {
		return err
	}
	now, fails := m.book.change(f, was, before)
	shown := f
	shown.URL = checks.Shown(f.URL)
	m.book.add(shown)
	if fails {
		if err := m.failing.Encode(now); err != nil {
			return err
		}
	}
	return m.results.write(f)
}
