// Command checkplan is the Lambda that starts every run of checks: it reads the run input and the file,
// and writes the file's lines as items.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"mapfleet/functions/checkplan/intake"
	"mapfleet/functions/client"
	"mapfleet/functions/job/checks"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "checkplan:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	deployment, err := checks.DeploymentFromEnv(os.Getenv)
	if err != nil {
		return fmt.Errorf("read the deployment from the environment: %w", err)
	}
	store, err := client.S3(ctx)
	if err != nil {
		return err
	}
	planner := &intake.Planner{Store: store, Deployment: deployment}
	lambda.StartWithOptions(planner.Plan, lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}
