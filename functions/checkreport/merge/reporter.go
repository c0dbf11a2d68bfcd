// Package merge ends a run of checks. Its nouns: findings are what the workers left, one object for each
// round of a batch, merged in the order of the file; rows are the results that they become; the book adds
// them up; the memory is what was failing when the last run over the same file ended, against which
// changes show; a note is a reason why the accounts disagree. All of it takes constant memory.
package merge

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/lock"
	"mapfleet/functions/prepare/upload"
	"mapfleet/functions/report/account"
	"mapfleet/functions/report/mapruns"
)

// S3 is the part of S3 that a Reporter uses. *s3.Client is one.
type S3 interface {
	mapruns.S3
	upload.Store
	lock.S3
	DeleteObjects(context.Context, *s3.DeleteObjectsInput, ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error)
}

// Reporter ends runs. Its fields are set once; its methods may be called by many goroutines.
type Reporter struct {
	S3         S3
	WorkBucket string // holds plans, working files and reports
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

const failingName = "failing.jsonl"

// Handle is the Lambda handler: account.ParseEvent, then Report.
func (r *Reporter) Handle(ctx context.Context, event json.RawMessage) (checks.Summary, error) {
	ended, err := account.ParseEvent(event)
	if err != nil {
		return checks.Summary{}, err
	}
	return r.Report(ctx, ended)
}

// Report writes the results where the plan wants them (unless a later run over the file has reported
// already: then as results.csv or results.jsonl beside the plan, with URLs as checks.Shown), and failing.jsonl, report.html and summary.json
// beside the plan; it lets the next run over the file in, and removes the working files of a run that came
// to its own end: one that was stopped may be redriven. It returns the summary, which stays far below the
// 256 KiB that a state may hold. Reporting twice gives the same but for the time. The error is one of the
// exported types of package job, account.PlanMissing, or the context's, bare.
func (r *Reporter) Report(ctx context.Context, ended account.Ended) (checks.Summary, error) {
	s := mapruns.Store{S3: r.S3}
	plan, planned, err := r.plan(ctx, s, ended)
	if err != nil || !planned {
		return checks.Summary{Run: ended.Run, Execution: ended.Execution, Status: ended.Status}, fault.AtEdge(err)
	}
	summary, reported := r.reported(ctx, s, plan, ended)
	if !reported {
		if summary, err = r.settle(ctx, s, plan, ended); err != nil {
			return summary, fault.AtEdge(err)
		}
	}
	return summary, fault.AtEdge(r.tidy(ctx, s, plan, ended))
}

// plan reads plan.json. A run that was over before it had one was refused, or skipped.
func (r *Reporter) plan(ctx context.Context, s mapruns.Store, ended account.Ended) (plan checks.Plan, planned bool, err error) {
	key := checks.ReportKey(ended.Run, "plan.json")
	data, err := s.Read(ctx, r.WorkBucket, key)
	if _, gone := err.(fault.Gone); gone && ended.Status != "" {
		return plan, false, nil
	} else if gone {
		return plan, false, account.PlanMissing{Message: fmt.Sprintf("run %s has no plan at s3://%s/%s: it was never planned, or its report has expired", ended.Run, r.WorkBucket, key)}
	}
	if err != nil {
		return plan, false, err
	}
	if err := json.Unmarshal(data, &plan); err != nil {
		return plan, false, account.PlanMissing{Message: fmt.Sprintf("the plan of run %s at s3://%s/%s cannot be read: %v", ended.Run, r.WorkBucket, key, err)}
	}
	return plan, true, nil
}

// reported returns the summary that was written already: for this end of the run, or by an earlier try,
// which has removed what it was made from.
func (r *Reporter) reported(ctx context.Context, s mapruns.Store, plan checks.Plan, ended account.Ended) (summary checks.Summary, ok bool) {
	data, err := s.Read(ctx, r.WorkBucket, checks.ReportKey(ended.Run, "summary.json"))
	if err != nil || json.Unmarshal(data, &summary) != nil || summary.Run != ended.Run {
		return checks.Summary{}, false
	}
	if summary.Status == "SUCCEEDED" || summary.Status == ended.Status {
		return summary, true
	}
	items, err := s.Open(ctx, plan.Items.Bucket, plan.Items.Key)
	if err == nil {
		_ = items.Close() // nothing of it was wanted
	}
	_, gone := err.(fault.Gone)
	return summary, gone
}

// settle merges, compares and writes. The results of a run that was overtaken, as one may be that is
// redriven, do not take the place of a later run's: they go beside its report.
func (r *Reporter) settle(ctx context.Context, s mapruns.Store, plan checks.Plan, ended account.Ended) (checks.Summary, error) {
	for {
		before, newer, err := readLast(ctx, s, r.WorkBucket, plan)
		if err != nil {
			return checks.Summary{}, err
		}
		if newer {
			plan.Output = "s3://" + r.WorkBucket + "/" + checks.ReportKey(plan.Run, "results"+path.Ext(plan.Output))
		}
		summary, err := r.write(ctx, s, plan, ended, before, newer)
		if err != errOvertaken {
			return summary, err
		}
	}
}

// write is settle of a run whose results go where the plan says. before is the run to compare with; newer
// says that it is a later one.
func (r *Reporter) write(ctx context.Context, s mapruns.Store, plan checks.Plan, ended account.Ended, before *past, newer bool) (checks.Summary, error) {
	b := newBook()
	if err := b.readBatches(ctx, s, plan, ended.MapRuns); err != nil {
		return checks.Summary{}, err
	}
	m := merging{Reporter: r, store: s, plan: plan, book: b, late: newer}
	if err := m.merge(ctx, before); err != nil {
		return checks.Summary{}, err
	}
	b.audit(plan, ended.Status == "")
	summary := r.summary(b, plan, ended)
	if newer {
		summary.OvertakenBy = before.Run
		summary.Message = fmt.Sprintf("%s, which began later, has reported before: these results are at %s, and tell no change; %s", before.Run, plan.Output, summary.Message)
	}
	summary.Alert = alert(summary, b, before, newer)
	html, err := page{Summary: summary, Plan: plan, book: b, Before: before}.render()
	if err != nil {
		return summary, err
	}
	if err := s.Put(ctx, r.WorkBucket, checks.ReportKey(plan.Run, "report.html"), "text/html; charset=utf-8", bytes.NewReader(html)); err != nil {
		return summary, err
	}
	if !newer {
		l := last{File: plan.File, past: past{Run: plan.Run, Started: plan.Started, Version: plan.Version, NotDone: summary.NotDone}, Before: before}
		if err := r.putJSON(ctx, s, checks.LastKey(plan.File), l); err != nil {
			return summary, err
		}
	}
	// It comes last, so that where it is the others are.
	return summary, r.putJSON(ctx, s, checks.ReportKey(plan.Run, "summary.json"), summary)
}

func (r *Reporter) summary(b *book, plan checks.Plan, ended account.Ended) checks.Summary {
	now := time.Now().UTC()
	if r.Now != nil {
		now = r.Now()
	}
	if !ended.Stopped.IsZero() {
		now = ended.Stopped
	}
	s := b.summary()
	s.Run, s.Execution, s.File, s.Output = plan.Run, plan.Execution, plan.File, plan.Output
	s.Started, s.Finished, s.Seconds = plan.Started, now, now.Sub(plan.Started).Seconds()
	if s.Status = ended.Status; s.Status == "" {
		s.Status = "SUCCEEDED"
		if !s.Balanced || s.NotDone > 0 {
			s.Status = "FAILED"
		}
	}
	url := func(name string) string { return "s3://" + r.WorkBucket + "/" + checks.ReportKey(plan.Run, name) }
	s.Report, s.FailingLines = url("report.html"), url(failingName)
	s.Message = verdict(s, b, ended) + "; see " + s.Report
	return s
}

func (r *Reporter) putJSON(ctx context.Context, s mapruns.Store, key string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.Put(ctx, r.WorkBucket, key, "application/json", bytes.NewReader(append(data, '\n')))
}
