package account

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/report/mapruns"
)

// Reporter writes the reports of runs. Its fields are set once; its methods may be called by many
// goroutines.
type Reporter struct {
	S3         S3
	WorkBucket string // holds plans, result files and reports
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// PlanMissing says that a run which is said to be at its end was never planned.
type PlanMissing struct{ Message string }

func (e PlanMissing) Error() string { return e.Message }

// Handle is the Lambda handler: ParseEvent, then Report.
func (r *Reporter) Handle(ctx context.Context, event json.RawMessage) (job.Summary, error) {
	ended, err := ParseEvent(event)
	if err != nil {
		return job.Summary{}, err
	}
	return r.Report(ctx, ended)
}

// Report adds up the run, writes its three files beside its plan and returns the summary, which stays
// far below the 256 KiB that a state may hold. Reporting twice gives the same files but for the time.
// The error is one of the exported types of package job, PlanMissing, or a fault of this machine's
// disk; the first kind is bare, so that a state machine can match it.
func (r *Reporter) Report(ctx context.Context, ended Ended) (job.Summary, error) {
	store := store{mapruns.Store{S3: r.S3}}
	if ended.judged() {
		if s, ok := r.reported(ctx, store, ended.Run); ok {
			return s, nil
		}
	}
	plan, planned, err := r.plan(ctx, store, ended)
	if err != nil {
		return job.Summary{}, err
	}
	now := time.Now().UTC()
	if r.Now != nil {
		now = r.Now()
	}
	if !ended.Stopped.IsZero() {
		now = ended.Stopped
	}
	ledger, err := newLedger()
	if err != nil {
		return job.Summary{}, err
	}
	defer ledger.close()
	book := newBook(plan.Started, now, ledger)
	if err := book.readRun(ctx, store, plan, ended); err != nil {
		return job.Summary{}, fault.AtEdge(err)
	}
	summary := book.summary(plan, ended, now)
	summary.Report = r.url(ended.Run, "report.html")
	if planned {
		summary.Failures = r.url(ended.Run, "failures.jsonl")
	}
	finding := verdict(summary, ended, planned, book.notes)
	summary.Message = finding + "; see " + summary.Report
	return summary, fault.AtEdge(r.write(ctx, store, page{
		Summary:  summary,
		Verdict:  finding,
		Plan:     plan,
		Planned:  planned,
		Notes:    book.notes,
		ledger:   ledger,
		timeline: book.timeline,
		Gallery:  store.gallery(ctx, r.WorkBucket, plan.Job.Destination.Bucket, book.samples.chosen),
	}))
}

// write puts the three files; summary.json comes last, so that where it is the others are.
func (r *Reporter) write(ctx context.Context, s store, p page) error {
	html, err := p.render()
	if err != nil {
		return err
	}
	summary, err := json.MarshalIndent(p.Summary, "", "  ")
	if err != nil {
		return err
	}
	if p.Planned {
		failures, err := p.ledger.content()
		if err != nil {
			return err
		}
		if err := s.Put(ctx, r.WorkBucket, job.ReportKey(p.Summary.Run, "failures.jsonl"), "application/jsonl", failures); err != nil {
			return err
		}
	}
	if err := s.Put(ctx, r.WorkBucket, job.ReportKey(p.Summary.Run, "report.html"), "text/html; charset=utf-8", bytes.NewReader(html)); err != nil {
		return err
	}
	return s.Put(ctx, r.WorkBucket, job.ReportKey(p.Summary.Run, "summary.json"), "application/json", bytes.NewReader(append(summary, '\n')))
}

func (r *Reporter) url(run, name string) string {
	return "s3://" + r.WorkBucket + "/" + job.ReportKey(run, name)
}

// plan reads plan.json. A run that was over before it had one is not
// planned: Prepare refused it.
func (r *Reporter) plan(ctx context.Context, store store, ended Ended) (plan job.Plan, planned bool, err error) {
	key := job.ReportKey(ended.Run, "plan.json")
	data, err := store.Read(ctx, r.WorkBucket, key)
	if _, gone := err.(fault.Gone); gone {
		if ended.Status == "" {
			return plan, false, PlanMissing{fmt.Sprintf("run %s has no plan at s3://%s/%s: it was never planned, or its report has expired", ended.Run, r.WorkBucket, key)}
		}
		return job.Plan{Run: ended.Run, Execution: ended.Execution, Started: ended.Started}, false, nil
	}
	if err != nil {
		return plan, false, fault.AtEdge(err)
	}
	if err := json.Unmarshal(data, &plan); err != nil {
		return plan, false, PlanMissing{fmt.Sprintf("the plan of run %s at s3://%s/%s cannot be read: %v", ended.Run, r.WorkBucket, key, err)}
	}
	return plan, true, nil
}

// reported returns the summary that was written already.
func (r *Reporter) reported(ctx context.Context, store store, run string) (job.Summary, bool) {
	var s job.Summary
	data, err := store.Read(ctx, r.WorkBucket, job.ReportKey(run, "summary.json"))
	return s, err == nil && json.Unmarshal(data, &s) == nil && s.Run == run
}
