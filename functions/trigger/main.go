// Command trigger is the Lambda behind the queue of uploads: it starts one run for each batch of
// object-created events, and one for each manifest or file of checks that is uploaded.
package main

import (
	"context"
	"errors"
	"fmt"
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
	// What became of a batch is told by Handle itself, with the name of each run that it starts.
	log := telemetry.Log[events.SQSEvent, events.SQSEventResponse]{W: os.Stderr, Name: "uploads"}
	lambda.StartWithOptions(log.Handler(trigger.Handle), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
