// Command checkreport is the Lambda that ends every run of checks: it merges the findings into one file of
// results, and writes the report.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/checkreport/merge"
	"mapfleet/functions/client"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/report/account"
	"mapfleet/functions/telemetry"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "checkreport:", err)
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
	reporter := &merge.Reporter{S3: store, WorkBucket: bucket}
	lambda.StartWithOptions(logged(os.Stderr).Handler(reporter.Handle), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// logged is the log of reports.
func logged(w io.Writer) telemetry.Log[json.RawMessage, checks.Summary] {
	return telemetry.Log[json.RawMessage, checks.Summary]{
		W: w, Name: "report", Run: account.RunOf,
		Done: func(s checks.Summary) []any {
			return []any{
				"status", s.Status, "seconds", s.Seconds, "lines", s.Lines, "ok", s.OK, "failing", s.Failing, "bad", s.Bad, "notDone", s.NotDone, "batches", s.Batches,
				"byCode", s.ByCode, "newlyFailing", s.Alert.New, "recovered", s.Alert.Recovered, "balanced", s.Balanced, "report", s.Report,
			}
		},
	}
}
