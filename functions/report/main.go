// Command report is the Lambda that ends every run: it adds up what all batches have left, and writes
// summary.json, failures.jsonl and report.html.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/client"
	"mapfleet/functions/report/account"
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
	lambda.StartWithOptions(reporter.Handle, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
