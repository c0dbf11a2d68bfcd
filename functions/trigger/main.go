// Command trigger is the Lambda behind the queue of uploads: it starts one run for each batch of
// object-created events, and one for each manifest or file of checks that is uploaded.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"mapfleet/functions/client"
	"mapfleet/functions/telemetry"
	"mapfleet/functions/trigger/uploads"
)

// attempts is how often a start is tried, with the SDK's jittered waits between, before its messages go
// back to the queue.
const attempts = 6

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "trigger:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	trigger, err := uploads.FromEnv(os.Getenv)
	if err != nil {
		return fmt.Errorf("read the deployment from the environment: %w", err)
	}
	if trigger.Objects, err = client.S3(ctx); err != nil {
		return err
	}
	settings, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(attempts))
	if err != nil {
		return fmt.Errorf("load the AWS configuration: %w", err)
	}
	trigger.Machines = sfn.NewFromConfig(settings)
	handle := func(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
		slog.SetDefault(telemetry.Logger(ctx, os.Stderr, "")) // one invocation at a time is in a process
		return trigger.Handle(ctx, batch)
	}
	lambda.StartWithOptions(handle, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
