// Command check is the worker Lambda of the checks: one batch of HTTP requests in, their account out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/check/batch"
	"mapfleet/functions/check/request"
	"mapfleet/functions/client"
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
	requests := &request.Client{Guard: settings.guard}
	worker := &batch.Worker{
		Store: store, Open: func() batch.Session { return requests.Open() },
		Connections: settings.connections, PerHost: settings.perHost,
	}
	lambda.StartWithOptions(worker.Run, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
