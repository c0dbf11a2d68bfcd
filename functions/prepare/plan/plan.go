// Package plan makes the plan of a run from its input: which objects (shards), by which job, within
// which limits. What can be refused is refused here, before any worker starts.
package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// Store is the part of S3 that a Planner uses. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// Planner plans runs for one deployment. Plan may be called by many goroutines.
type Planner struct {
	Store      Store
	Deployment job.Deployment
}

// wantedSamples is about how many pictures the report shows before and after.
const wantedSamples = 12

// Plan checks start's input, lays manifests out for the Map Runs, keeps the plan as plan.json beside
// the report to come, and returns it. The error is one of job's exported error types, bare.
func (p *Planner) Plan(ctx context.Context, start job.Start) (job.Plan, error) {
	if !job.ValidRunName(start.Run) {
		return job.Plan{}, job.InvalidInput{Problems: []job.Problem{{
			Field: "the execution's name", Given: fmt.Sprintf("%q", start.Run), Allowed: "1 to 80 letters, digits, - and _",
		}}}
	}
	d := p.Deployment
	in, err := job.ParseInput(start.Input, d)
	if err != nil {
		return job.Plan{}, err
	}
	plan := job.Plan{
		Run: start.Run, Execution: start.Execution, Started: start.Started, Comment: in.Comment,
		Job: job.Job{
			Run:         start.Run,
			Source:      job.Location{Bucket: d.SourceBucket, Prefix: d.SourcePrefix},
			Destination: job.Location{Bucket: d.DestinationBucket, Prefix: d.DestinationPrefix},
			Work:        job.Location{Bucket: d.WorkBucket, Prefix: job.WorkKey(start.Run, "")},
			Variants:    in.Variants,
			Overwrite:   in.Overwrite,
			Filter:      in.Filter,
		},
		Limits: job.Limits{
			BatchSize:                  in.BatchSize,
			MaxConcurrency:             in.MaxConcurrency,
			ToleratedFailurePercentage: in.ToleratedFailurePercentage,
		},
		Results: job.Location{Bucket: d.WorkBucket, Prefix: job.WorkKey(start.Run, "results")},
	}
	if plan.Job.Fresh, err = p.empty(ctx); err != nil {
		return job.Plan{}, err
	}
	shard, about, more, err := p.shard(ctx, in, start.Run)
	if err != nil {
		return job.Plan{}, err
	}
	// Without items no Map Run is started: what one does over nothing is not known.
	plan.Shards = []job.Shard{}
	if about > 0 || more {
		plan.Shards = append(plan.Shards, shard)
	}
	plan.Job.SampleEvery = max(1, about/wantedSamples)
	if !in.BatchSizeGiven && !more {
		plan.Limits.BatchSize = shared(about, in.MaxConcurrency, in.BatchSize)
	}

	body, err := json.MarshalIndent(plan, "", "  ")
	if err != nil {
		return job.Plan{}, err
	}
	if err := p.put(ctx, job.ReportKey(start.Run, "plan.json"), "application/json", bytes.NewReader(body)); err != nil {
		return job.Plan{}, err
	}
	return plan, nil
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
	switch err := fault.Of("ListObjectsV2", bucket, prefix, err).(type) {
	case nil:
		return len(out.Contents) == 0, nil
	case fault.NoBucket:
		return false, job.DestinationMissing{Message: err.Message}
	default:
		return false, err
	}
}

// shard lays out what the run goes over, and tells how many items that is. A listing is counted up to
// its first page of 1,000, and more says that there are others.
func (p *Planner) shard(ctx context.Context, in job.Input, run string) (shard job.Shard, items int, more bool, err error) {
	switch {
	case in.Keys != nil:
		shard, items, err = p.manifest(ctx, run, keysReader(in.Keys), "the run input's keys")
		return shard, items, false, err
	case in.Manifest != "":
		bucket, key, _ := job.SplitURL(in.Manifest)
		shard, items, err = p.stored(ctx, run, bucket, key)
		return shard, items, false, err
	case in.RetryFailuresOf != "":
		shard, items, err = p.stored(ctx, run, p.Deployment.WorkBucket, job.ReportKey(in.RetryFailuresOf, "failures.jsonl"))
		if e, ok := err.(job.SourceMissing); ok {
			err = job.SourceMissing{Message: fmt.Sprintf("no run %q has left failures to run again: %s", in.RetryFailuresOf, e.Message)}
		}
		return shard, items, false, err
	}
	// This one page also finds out, before any worker starts, that the bucket is there and can be listed.
	bucket := p.Deployment.SourceBucket
	out, err := p.Store.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &in.Prefix})
	switch err := fault.Of("ListObjectsV2", bucket, in.Prefix, err).(type) {
	case nil:
		shard = job.Shard{Kind: job.ShardListing, Bucket: bucket, Prefix: in.Prefix}
		return shard, len(out.Contents), aws.ToBool(out.IsTruncated), nil
	case fault.NoBucket:
		return job.Shard{}, 0, false, job.SourceMissing{Message: err.Message}
	default:
		return job.Shard{}, 0, false, err
	}
}

// put writes an object of the work bucket.
func (p *Planner) put(ctx context.Context, key, contentType string, body io.Reader) error {
	bucket := p.Deployment.WorkBucket
	_, err := p.Store.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, ContentType: &contentType, Body: body})
	err = fault.Of("PutObject", bucket, key, err)
	if e, ok := err.(fault.NoBucket); ok {
		return job.DestinationMissing{Message: e.Message}
	}
	return err
}
