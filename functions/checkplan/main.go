// Command checkplan is the Lambda that starts every run of checks: it reads the run input and the file,
// and writes the file's lines as items.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"mapfleet/functions/checkplan/intake"
	"mapfleet/functions/client"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/telemetry"
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
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return fmt.Errorf("load the AWS configuration: %w", err)
	}
	planner := &intake.Planner{Store: store, Executions: sfn.NewFromConfig(settings), Deployment: deployment}
	lambda.StartWithOptions(logged(os.Stderr).Handler(planner.Plan), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// logged is the log of plans.
func logged(w io.Writer) telemetry.Log[job.Start, checks.Plan] {
	return telemetry.Log[job.Start, checks.Plan]{
		W: w, Name: "plan", Run: func(start job.Start) string { return start.Run },
		Done: func(p checks.Plan) []any {
			if p.Skip != "" {
				return []any{"file", p.File, "skip", p.Skip}
			}
			return []any{"file", p.File, "lines", p.Lines, "bad", p.Bad, "batchSize", p.Limits.BatchSize, "maxConcurrency", p.Limits.MaxConcurrency}
		},
	}
}
