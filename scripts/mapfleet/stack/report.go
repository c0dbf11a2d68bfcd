package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// The files of a run's report, as far as the run came.
const (
	PlanFile     = "plan.json"
	EstimateFile = "estimate.json" // of a dry run, instead of all others
	SummaryFile  = "summary.json"
	FailuresFile = "failures.jsonl"
	FailingFile  = "failing.jsonl" // of checks, instead of failures
	PageFile     = "report.html"
)

// ReportFiles returns the names of the files that a report may have.
func (s *Stack) ReportFiles() []string {
	if s.Checks() {
		return []string{PageFile, SummaryFile, FailingFile, PlanFile}
	}
	return []string{PageFile, SummaryFile, FailuresFile, PlanFile, EstimateFile}
}

// ReportFile opens a file of a run's report. The error wraps fs.ErrNotExist if there is none; the caller closes it.
func (s *Stack) ReportFile(ctx context.Context, run, file string) (io.ReadCloser, error) {
	if s.Work == "" {
		return nil, Fault{"the work bucket is not known, where reports lie", "name it by --work-bucket"}
	}
	key := s.reportKey(run, file)
	object, err := s.Objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Work, Key: &key})
	if statusOf(err) == http.StatusNotFound && !noBucket(err) {
		return nil, fmt.Errorf("%s: %w", s.ReportURL(run, file), fs.ErrNotExist)
	}
	if err != nil {
		return nil, s.Explain(err)
	}
	return object.Body, nil
}

// ReportURL returns the s3:// URL of a file of a run's report.
func (s *Stack) ReportURL(run, file string) string {
	return "s3://" + s.Work + "/" + s.reportKey(run, file)
}

func (s *Stack) reportKey(run, file string) string {
	if s.Checks() {
		return checks.ReportKey(run, file)
	}
	return job.ReportKey(run, file)
}

// Summary returns the summary of a run's report. The error wraps fs.ErrNotExist if there is none.
func (s *Stack) Summary(ctx context.Context, run string) (*job.Summary, error) {
	return read[job.Summary](ctx, s, run, SummaryFile)
}

// ChecksSummary is Summary of a run of checks.
func (s *Stack) ChecksSummary(ctx context.Context, run string) (*checks.Summary, error) {
	return read[checks.Summary](ctx, s, run, SummaryFile)
}

// Reported returns until when the report of a run, of whatever job, tells of it. The error wraps fs.ErrNotExist if
// there is none.
func (s *Stack) Reported(ctx context.Context, run string) (time.Time, error) {
	summary, err := read[struct {
		Finished time.Time `json:"finished"`
	}](ctx, s, run, SummaryFile)
	if err != nil {
		return time.Time{}, err
	}
	return summary.Finished, nil
}

// Planned is nil if a run, of whatever job, was planned. The error wraps fs.ErrNotExist if it was not.
func (s *Stack) Planned(ctx context.Context, run string) error {
	_, err := read[struct{}](ctx, s, run, PlanFile)
	return err
}

// Teller is what publishes the changes that runs of checks find.
func (s *Stack) Teller() string {
	if s.Local() {
		return "alerts.jsonl of the server's state folder"
	}
	return "the stack's AlarmTopic"
}

// PlanJSON returns plan.json of a run as it stands, and as another version may have written it. The error wraps
// fs.ErrNotExist if there is none.
func (s *Stack) PlanJSON(ctx context.Context, run string) (json.RawMessage, error) {
	plan, err := read[json.RawMessage](ctx, s, run, PlanFile)
	if err != nil {
		return nil, err
	}
	return *plan, nil
}

// Plan returns what Prepare planned for a run. The error wraps fs.ErrNotExist if there is none.
func (s *Stack) Plan(ctx context.Context, run string) (*job.Plan, error) {
	return read[job.Plan](ctx, s, run, PlanFile)
}

// Estimate returns the plan of a dry run, which has its Estimate. The error wraps fs.ErrNotExist if it was none.
func (s *Stack) Estimate(ctx context.Context, run string) (*job.Plan, error) {
	return read[job.Plan](ctx, s, run, EstimateFile)
}

func read[T any](ctx context.Context, s *Stack, run, file string) (*T, error) {
	body, err := s.ReportFile(ctx, run, file)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, s.Explain(err)
	}
	value := new(T)
	if err := json.Unmarshal(data, value); err != nil {
		return nil, fmt.Errorf("read %s: %w", s.ReportURL(run, file), err)
	}
	return value, nil
}

func noBucket(err error) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == "NoSuchBucket"
}
