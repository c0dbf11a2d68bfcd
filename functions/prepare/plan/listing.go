package plan

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// listing lays out one Map Run over everything under the prefix. At least one page is read in any case:
// it finds out, before any worker starts, that the bucket is there and can be listed.
func (p *Planner) listing(ctx context.Context, in job.Input) (found, error) {
	f := found{shards: []job.Shard{}, survey: survey{filter: in.Filter}}
	if wantsEstimate(in) {
		if err := p.count(ctx, in.Prefix, in.MaxItems, &f.survey); err != nil {
			return f, err
		}
		f.about, f.more = f.survey.items, f.survey.cut
	} else {
		err := p.pages(ctx, in.Prefix, "", func(page *s3.ListObjectsV2Output) (bool, error) {
			f.about, f.more = len(page.Contents), aws.ToBool(page.IsTruncated)
			return false, nil
		})
		if err != nil {
			return f, err
		}
	}
	if in.MaxItems > 0 && in.MaxItems <= f.about {
		f.about, f.more = in.MaxItems, false
	}
	if f.about > 0 || f.more {
		f.shards = append(f.shards, job.Shard{Kind: job.ShardListing, Bucket: p.Deployment.SourceBucket, Prefix: in.Prefix})
	}
	return f, nil
}

// pages calls page with one page of the source's listing after the other, until it returns false. With a
// delimiter, what lies behind one comes as common prefixes.
func (p *Planner) pages(ctx context.Context, prefix, delimiter string, page func(*s3.ListObjectsV2Output) (bool, error)) error {
	bucket := p.Deployment.SourceBucket
	input := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	if delimiter != "" {
		input.Delimiter = &delimiter
	}
	for {
		out, err := p.Store.ListObjectsV2(ctx, input)
		if err != nil {
			return missing(fault.OfObject("ListObjectsV2", bucket, prefix, err))
		}
		more, err := page(out)
		if err != nil || !more || !aws.ToBool(out.IsTruncated) {
			return err
		}
		if input.ContinuationToken = out.NextContinuationToken; input.ContinuationToken == nil {
			return job.Unavailable{Message: fmt.Sprintf("ListObjectsV2 s3://%s/%s: the listing does not go on", bucket, prefix)}
		}
	}
}

// count adds to s the first most objects under prefix (0: all), as far as there is time for it.
func (p *Planner) count(ctx context.Context, prefix string, most int, s *survey) error {
	return p.pages(ctx, prefix, "", func(page *s3.ListObjectsV2Output) (bool, error) {
		s.lists++
		for _, object := range page.Contents {
			s.add(itemOf(object))
			if s.items == most {
				return false, nil
			}
		}
		s.cut = aws.ToBool(page.IsTruncated) && late(ctx)
		return !s.cut, nil
	})
}

func itemOf(o types.Object) job.Item {
	return job.Item{
		Key: aws.ToString(o.Key), ETag: strings.Trim(aws.ToString(o.ETag), `"`), Size: aws.ToInt64(o.Size),
		LastModified: aws.ToTime(o.LastModified), StorageClass: string(o.StorageClass),
	}
}
