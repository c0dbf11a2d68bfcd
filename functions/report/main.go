// Command report is the Lambda that ends every run: it adds up what all batches have left, and writes
// summary.json, failures.jsonl and report.html.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/client"
	"mapfleet/functions/job"
	"mapfleet/functions/report/account"
	"mapfleet/functions/telemetry"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	bucket := os.Getenv("WORK_BUCKET")
	if bucket == "" {
		return errors.New("WORK_BUCKET is not set")
	}
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	reporter := &account.Reporter{S3: store, WorkBucket: bucket}
	lambda.StartWithOptions(logged(os.Stderr).Handler(reporter.Handle), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// logged is the log of reports.
func logged(w io.Writer) telemetry.Log[json.RawMessage, job.Summary] {
	return telemetry.Log[json.RawMessage, job.Summary]{
		W: w, Name: "report", Run: account.RunOf,
		Done: func(s job.Summary) []any {
			return []any{
				"status", s.Status, "seconds", s.Seconds, "listed", s.Listed, "written", s.Written, "current", s.Current, "ignored", s.Ignored, "failed", s.Failed,
				"notStarted", s.NotStarted, "batches", s.Batches, "failedBy", s.FailedBy, "balanced", s.Balanced, "withinTolerance", s.WithinTolerance, "report", s.Report,
			}
		},
	}
}
