// Command prepare is the Lambda that starts every run: it checks the run input and plans the Map Runs.
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
	"mapfleet/functions/prepare/plan"
	"mapfleet/functions/telemetry"
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
	lambda.StartWithOptions(logged(os.Stderr).Handler(planner.Plan), lambda.WithContext(ctx))
	return errors.New("the Lambda runtime ended")
}

// logged is the log of plans. Of a listing that nobody had to count, the number of items is not known.
func logged(w io.Writer) telemetry.Log[job.Start, job.Plan] {
	return telemetry.Log[job.Start, job.Plan]{
		W: w, Name: "plan", Run: func(start job.Start) string { return start.Run },
		Done: func(p job.Plan) []any {
			items := 0
			for _, shard := range p.Shards {
				items += shard.Items
			}
			told := []any{"shards", len(p.Shards), "batchSize", p.Limits.BatchSize, "mapRuns", p.Limits.MapRuns, "maxConcurrency", p.Limits.MaxConcurrency, "dryRun", p.DryRun}
			if items > 0 {
				told = append(told, "items", items)
			}
			if len(p.LeftOut) > 0 {
				told = append(told, "leftOut", p.LeftOut)
			}
			if e := p.Estimate; e != nil {
				told = append(told, slog.Group("estimate", "complete", e.Complete, "items", e.Items, "toWrite", e.ToWrite, "seconds", e.Seconds, "usd", e.USD))
			}
			return told
		},
	}
}
