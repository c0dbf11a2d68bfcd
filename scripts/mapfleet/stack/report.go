package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"mapfleet/functions/job"
)

// The files of a run's report, as far as the run came.
const (
	PlanFile     = "plan.json"
	EstimateFile = "estimate.json" // of a dry run, instead of all others
	SummaryFile  = "summary.json"
	FailuresFile = "failures.jsonl"
	PageFile     = "report.html"
)

// ReportFiles returns the names of the files that a report may have.
func ReportFiles() []string {
	return []string{PageFile, SummaryFile, FailuresFile, PlanFile, EstimateFile}
}

// ReportFile opens a file of a run's report. The error wraps fs.ErrNotExist if there is none; the caller closes it.
func (s *Stack) ReportFile(ctx context.Context, run, file string) (io.ReadCloser, error) {
	if s.Work == "" {
		return nil, Fault{"the work bucket is not known, where reports lie", "name it by --work-bucket"}
	}
	key := job.ReportKey(run, file)
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
	return "s3://" + s.Work + "/" + job.ReportKey(run, file)
}

// Summary returns the summary of a run's report. The error wraps fs.ErrNotExist if there is none.
func (s *Stack) Summary(ctx context.Context, run string) (*job.Summary, error) {
	return read[job.Summary](ctx, s, run, SummaryFile)
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
