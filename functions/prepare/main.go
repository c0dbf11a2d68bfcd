// Command prepare is the Lambda that starts every run: it checks the run input and plans the Map Runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/client"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/plan"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "prepare:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	deployment, err := job.DeploymentFromEnv(os.Getenv)
	if err != nil {
		return fmt.Errorf("read the deployment from the environment: %w", err)
	}
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	planner := &plan.Planner{Store: store, Deployment: deployment}
	lambda.StartWithOptions(planner.Plan, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
