// Command resize is the worker Lambda: one batch of pictures in, their account out.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/client"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
	"mapfleet/functions/telemetry"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "resize:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	memory, err := memory(os.Getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"))
	if err != nil {
		return err
	}
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	metrics := telemetry.Metrics{W: os.Stdout, Job: os.Getenv("JOB")}
	worker := &batch.Worker{Store: store, Memory: memory, AVIF: avifEncoder(), Observe: func(t job.Tally) {
		if err := metrics.Round(t); err != nil {
			slog.Error("metrics not written", "error", err.Error())
		}
	}}
	lambda.StartWithOptions(handler(worker.Run), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// handler is run with a log, but that a process which is stuck ends: the runtime answers a panic with an error
// of the value's type, and exits.
func handler(run func(context.Context, job.Batch) (job.Result, error)) func(context.Context, job.Batch) (job.Result, error) {
	run = logged(os.Stderr).Handler(run)
	return func(ctx context.Context, b job.Batch) (job.Result, error) {
		result, err := run(ctx, b)
		if stuck, ok := err.(job.Stuck); ok {
			panic(stuck)
		}
		return result, err
	}
}

// logged is the log of batches that came to nothing; of the others the metrics tell.
func logged(w io.Writer) telemetry.Log[job.Batch, job.Result] {
	return telemetry.Log[job.Batch, job.Result]{
		W: w, Name: "batch", Run: func(b job.Batch) string { return b.BatchInput.Job.Run },
		Given: func(b job.Batch) []any { return []any{"items", len(b.Items)} },
	}
}
