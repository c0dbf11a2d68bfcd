// Package intake plans a run of checks: it takes the lock of the file, so that one run at a time goes over
// it, and makes items of the file's lines, whatever its format, in constant memory. A line that is wrong
// is an item that says why.
package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/lock"
	"mapfleet/functions/prepare/upload"
)

// Store is the part of S3 that a Planner uses. *s3.Client is one.
type Store interface {
	upload.Store
	lock.S3
}

// Planner plans runs. Its fields are set once; Plan may be called by many goroutines.
type Planner struct {
	Store      Store
	Executions Executions
	Deployment checks.Deployment
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Plan reads the input and the file of a run, and writes its items and plan.json into the work bucket.
// Planning a run again gives the same. A plan with Skip has neither: another run is still at work on the
// file. The error is one of job's exported error types, bare, or the context's; then the file is free for the
// next run.
func (p *Planner) Plan(ctx context.Context, start job.Start) (checks.Plan, error) {
	if !job.ValidRunName(start.Run) {
		return checks.Plan{}, job.InvalidInput{Problems: []job.Problem{{
			Field: "the execution's name", Given: start.Run, Allowed: job.RunNames,
		}}}
	}
	plan := checks.Plan{Run: start.Run, Execution: start.Execution, Started: start.Started}
	in, err := checks.ParseInput(start.Input, p.Deployment)
	if err != nil {
		return plan, err
	}
	plan.File, plan.Output, plan.Comment = in.File, in.Output, in.Comment
	now := time.Now()
	if p.Now != nil {
		now = p.Now()
	}
	hold := lock.Lock{S3: p.Store, Bucket: p.Deployment.WorkBucket, Key: checks.LockKey(in.File), Going: p.going}
	taken, other, err := hold.Take(ctx, lock.Holder{Run: start.Run, Execution: start.Execution, Since: now.UTC(), Until: now.UTC().Add(in.StaleAfter)})
	if err != nil {
		return plan, err
	}
	if !taken {
		plan.Skip = fmt.Sprintf("run %s is still at work on %s, since %s", other.Run, in.File, other.Since.UTC().Format(time.RFC3339))
		return plan, nil
	}
	if err := p.fill(ctx, &plan, in); err != nil {
		// What is wrong with the file is told; a lock that stays would only be stale later.
		_ = hold.Release(context.WithoutCancel(ctx), start.Run)
		return plan, err
	}
	return plan, nil
}

// fill makes the plan of a run that has its lock.
func (p *Planner) fill(ctx context.Context, plan *checks.Plan, in checks.Input) error {
	work := p.Deployment.WorkBucket
	plan.Job = checks.Job{Run: plan.Run, Work: job.Location{Bucket: work, Prefix: checks.WorkKey(plan.Run, "")}}
	plan.Items = checks.Object{Bucket: work, Key: checks.WorkKey(plan.Run, checks.ItemsName)}
	plan.Results = job.Location{Bucket: work, Prefix: checks.WorkKey(plan.Run, checks.ResultsFolder)}
	plan.Limits = checks.Limits{BatchSize: in.BatchSize, MaxConcurrency: in.MaxConcurrency, ToleratedFailurePercentage: in.ToleratedFailurePercentage}
	if err := p.items(ctx, plan); err != nil {
		return err
	}
	body, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return job.Unavailable{Message: "write the plan: " + err.Error()}
	}
	key := checks.ReportKey(plan.Run, "plan.json")
	_, err = p.Store.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &work, Key: &key, Body: bytes.NewReader(append(body, '\n')), ContentType: aws.String("application/json"),
	})
	return fault.AtEdge(fault.Of("PutObject", work, key, err))
}
