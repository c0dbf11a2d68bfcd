// Package plan makes the plan of a run from its input: which objects (shards), by which job, within
// which limits, and on demand what that would cost. What can be refused is refused here, before any
// worker starts.
package plan

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
	"mapfleet/functions/prepare/upload"
)

// Store is the part of S3 that a Planner uses. *s3.Client is one.
type Store interface {
	upload.Store
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// Planner plans runs for one deployment. Plan may be called by many goroutines.
type Planner struct {
	Store      Store
	Deployment job.Deployment
}

// wantedSamples is about how many pictures the report shows before and after.
const wantedSamples = 12

// reserve is how long before the context's deadline reading and counting ends: what was begun is then
// finished, or taken back.
const reserve = time.Minute

// Plan checks start's input, lays manifests out for the Map Runs, keeps the plan as plan.json beside
// the report to come, and returns it. Of a dry run nothing is kept but the plan, as estimate.json. The
// error is one of job's exported error types, bare, or the context's.
func (p *Planner) Plan(ctx context.Context, start job.Start) (job.Plan, error) {
	if !job.ValidRunName(start.Run) {
		return job.Plan{}, job.InvalidInput{Problems: []job.Problem{{
			Field: "the execution's name", Given: fmt.Sprintf("%q", start.Run), Allowed: job.RunNames,
		}}}
	}
	in, err := p.Input(ctx, start.Input)
	if err != nil {
		return job.Plan{}, err
	}
	plan := p.draft(start, in)
	if plan.Job.Fresh, err = p.empty(ctx); err != nil {
		return job.Plan{}, err
	}
	found, err := p.find(ctx, in, start.Run)
	defer found.abort()
	if err != nil {
		return job.Plan{}, err
	}
	plan.Shards, plan.LeftOut = found.shards, found.left()
	plan.Limits.Share(in.MaxConcurrency, len(plan.Shards))
	plan.Job.SampleEvery = max(1, found.about/wantedSamples)
	if !in.BatchSizeGiven && !found.more {
		plan.Limits.BatchSize = shared(found.about, in.MaxConcurrency, in.BatchSize)
	}
	if wantsEstimate(in) {
		plan.Estimate = p.estimate(in, plan, found.survey)
		if err := affordable(in, *plan.Estimate); err != nil {
			return job.Plan{}, err
		}
	}
	if err := found.commit(); err != nil {
		return job.Plan{}, fault.AtEdge(err)
	}
	if err := p.keep(ctx, plan); err != nil {
		return job.Plan{}, err
	}
	return plan, nil
}

// draft fills in what follows from the input alone.
func (p *Planner) draft(start job.Start, in job.Input) job.Plan {
	d := p.Deployment
	source, destination := p.places()
	plan := job.Plan{
		Run: start.Run, Execution: start.Execution, Started: start.Started, Comment: in.Comment, DryRun: in.DryRun,
		RetryFailuresOf: in.RetryFailuresOf,
		Job: job.Job{
			Run:         start.Run,
			Source:      source,
			Destination: destination,
			Work:        job.Location{Bucket: d.WorkBucket, Prefix: job.WorkKey(start.Run, "")},
			Variants:    in.Variants,
			Overwrite:   in.Overwrite,
			Filter:      in.Filter,
		},
		Limits: job.Limits{
			BatchSize:                  in.BatchSize,
			ToleratedFailurePercentage: in.ToleratedFailurePercentage,
			MaxItems:                   job.MaxMapRunItems,
		},
		Results: job.Location{Bucket: d.WorkBucket, Prefix: job.WorkKey(start.Run, "results")},
	}
	if in.MaxItems > 0 {
		plan.Limits.MaxItems = in.MaxItems
	}
	return plan
}

// places are where all runs of the deployment go from, and to.
func (p *Planner) places() (source, destination job.Location) {
	d := p.Deployment
	return job.Location{Bucket: d.SourceBucket, Prefix: d.SourcePrefix}, job.Location{Bucket: d.DestinationBucket, Prefix: d.DestinationPrefix}
}

// shared returns a batch size with which few items are shared among all workers, instead of one of them
// having the work of all; never more than the most.
func shared(items, workers, most int) int {
	return min(max((items+workers-1)/workers, 1), most)
}

// empty says whether the destination holds nothing.
func (p *Planner) empty(ctx context.Context) (bool, error) {
	bucket, prefix := p.Deployment.DestinationBucket, p.Deployment.DestinationPrefix
	out, err := p.Store.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, MaxKeys: aws.Int32(1)})
	if err != nil {
		return false, fault.AtEdge(fault.Of("ListObjectsV2", bucket, prefix, err))
	}
	return len(out.Contents) == 0, nil
}

// keep writes the plan into the work bucket.
func (p *Planner) keep(ctx context.Context, plan job.Plan) error {
	name := "plan.json"
	if plan.DryRun {
		name = "estimate.json"
	}
	body, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return err
	}
	bucket, key := p.Deployment.WorkBucket, job.ReportKey(plan.Run, name)
	_, err = p.Store.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, ContentType: aws.String("application/json"), Body: bytes.NewReader(body)})
	return fault.AtEdge(fault.Of("PutObject", bucket, key, err))
}

// late says that the time for reading and counting is over.
func late(ctx context.Context) bool {
	deadline, bounded := ctx.Deadline()
	return bounded && time.Until(deadline) < reserve
}
