// Command check is the worker Lambda of the checks: one batch of HTTP requests in, their account out.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/check/batch"
	"mapfleet/functions/check/request"
	"mapfleet/functions/client"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	settings, err := settingsFromEnv(os.Getenv)
	if err != nil {
		return fmt.Errorf("read the settings from the environment: %w", err)
	}
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	metrics := telemetry.Metrics{W: os.Stdout, Job: os.Getenv("JOB")}
	requests := &request.Client{Guard: settings.guard}
	worker := &batch.Worker{
		Store: store, Open: func() batch.Session { return requests.Open() },
		Connections: settings.connections, PerHost: settings.perHost,
		Observe: func(t checks.Tally) {
			if err := tell(metrics, t); err != nil {
				slog.Error("metrics not written", "error", err.Error())
			}
		},
	}
	lambda.StartWithOptions(handler(worker.Run), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// handler is run with a log that names the request and the run.
func handler(run func(context.Context, checks.Batch) (checks.Result, error)) func(context.Context, checks.Batch) (checks.Result, error) {
	return func(ctx context.Context, b checks.Batch) (checks.Result, error) {
		// One invocation at a time is in a process, so that all it logs belongs to this one.
		slog.SetDefault(telemetry.Logger(ctx, os.Stderr, b.BatchInput.Job.Run))
		result, err := run(ctx, b)
		if err != nil {
			slog.Error("batch", "lines", len(b.Items), "error", err.Error())
		}
		return result, err
	}
}
