package merge

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/lock"
	"mapfleet/functions/report/account"
	"mapfleet/functions/report/mapruns"
)

// tidy lets the next run over the file in, and removes the working files of a run that came to its own end.
func (r *Reporter) tidy(ctx context.Context, s mapruns.Store, plan checks.Plan, ended account.Ended) error {
	hold := lock.Lock{S3: r.S3, Bucket: r.WorkBucket, Key: checks.LockKey(plan.File)}
	if err := hold.Release(ctx, plan.Run); err != nil {
		return err
	}
	if ended.Status != "" {
		return nil
	}
	return r.remove(ctx, s, plan.Job.Work.Bucket, checks.WorkKey(plan.Run, ""))
}

// remove deletes all objects below a folder, a page of the listing at a time.
func (r *Reporter) remove(ctx context.Context, s mapruns.Store, bucket, folder string) error {
	pages := s3.NewListObjectsV2Paginator(s, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &folder})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fault.Of("ListObjectsV2", bucket, folder, err)
		}
		var objects []types.ObjectIdentifier
		for _, o := range page.Contents {
			objects = append(objects, types.ObjectIdentifier{Key: o.Key})
		}
		if len(objects) == 0 {
			continue
		}
		out, err := r.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)}})
		if err != nil {
			return fault.Of("DeleteObject", bucket, folder, err)
		}
		if len(out.Errors) > 0 {
			first := out.Errors[0]
			message := fmt.Sprintf("DeleteObject s3://%s/%s: %s", bucket, aws.ToString(first.Key), aws.ToString(first.Code))
			if aws.ToString(first.Code) == "AccessDenied" {
				return job.AccessDenied{Message: message + ": the function's role needs s3:DeleteObject on it"}
			}
			return job.Unavailable{Message: message}
		}
	}
	return nil
}
