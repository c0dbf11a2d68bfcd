// Command check is the worker Lambda of the checks: one batch of HTTP requests in, their account out.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		Own: settings.guard.Own, PerOwnHost: settings.perOwnHost,
		Observe: func(t checks.Tally) {
			if err := tell(metrics, t); err != nil {
				slog.Error("metrics not written", "error", err.Error())
			}
		},
	}
	lambda.StartWithOptions(logged(os.Stderr).Handler(worker.Run), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// logged is the log of batches that came to nothing; of the others the metrics tell.
func logged(w io.Writer) telemetry.Log[checks.Batch, checks.Result] {
	return telemetry.Log[checks.Batch, checks.Result]{
		W: w, Name: "batch", Run: func(b checks.Batch) string { return b.BatchInput.Job.Run },
		Given: func(b checks.Batch) []any { return []any{"lines", len(b.Items)} },
	}
}
