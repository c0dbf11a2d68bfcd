// Command checkreport is the Lambda that ends every run of checks: it merges the findings into one file of
// results, and writes the report.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/checkreport/merge"
	"mapfleet/functions/client"
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
	lambda.StartWithOptions(reporter.Handle, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
