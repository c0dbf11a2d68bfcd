package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"golang.org/x/sync/errgroup"

	"mapfleet/functions/job"
)

// split lays out a Map Run for each part of the listing that a delimiter makes (A54 of package asl), and
// one over a list of the objects that lie beside the parts: their own prefix would list the parts once
// more. Parts that appear later are not in the run.
func (p *Planner) split(ctx context.Context, in job.Input, run string) (found, error) {
	f := found{shards: []job.Shard{}, list: p.newList(ctx, in, run)}
	f.list.place = "shardBy"
	size := 0
	err := p.pages(ctx, in.Prefix, in.ShardBy, func(page *s3.ListObjectsV2Output) (bool, error) {
		f.list.survey.lists++
		for _, part := range page.CommonPrefixes {
			shard := job.Shard{Kind: job.ShardListing, Bucket: p.Deployment.SourceBucket, Prefix: aws.ToString(part.Prefix)}
			f.shards = append(f.shards, shard)
			data, err := json.Marshal(shard)
			if err != nil {
				return false, err
			}
			if size += len(data); len(f.shards) > job.MaxShards || size > job.MaxShardsBytes {
				return false, tooManyShards(in, p.Deployment.SourceBucket, len(f.shards))
			}
		}
		for _, object := range page.Contents {
			if err := f.list.add(itemOf(object)); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	if err != nil {
		return f, err
	}
	parts := f.shards
	f.survey, f.about, f.more = f.list.survey, f.list.survey.items, len(parts) > 0
	if f.about > 0 {
		f.shards = append(f.shards, f.list.shard(p))
	}
	if len(f.shards) > job.MaxShards {
		return f, tooManyShards(in, p.Deployment.SourceBucket, len(f.shards))
	}
	if wantsEstimate(in) {
		err = p.countAll(ctx, parts, &f.survey)
		f.about, f.more = f.survey.items, f.survey.cut
	}
	return f, err
}

// countsAtOnce is how many parts of a listing are counted at a time.
const countsAtOnce = 8

// countAll adds to total what lies under all of parts.
func (p *Planner) countAll(ctx context.Context, parts []job.Shard, total *survey) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(countsAtOnce)
	for _, part := range parts {
		group.Go(func() error {
			s := survey{filter: total.filter, cut: late(ctx)}
			if !s.cut {
				if err := p.count(ctx, part.Prefix, 0, &s); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(s)
			return nil
		})
	}
	return group.Wait()
}

func tooManyShards(in job.Input, bucket string, atLeast int) error {
	return job.InvalidInput{Problems: []job.Problem{{
		Field: "shardBy", Given: fmt.Sprintf("%q, which makes %d parts or more of s3://%s/%s", in.ShardBy, atLeast, bucket, in.Prefix),
		Allowed: fmt.Sprintf("at most %d parts of %d bytes in all, the objects beside them counted as one part: give a longer prefix or another delimiter, or leave shardBy out",
			job.MaxShards, job.MaxShardsBytes),
	}}}
}
