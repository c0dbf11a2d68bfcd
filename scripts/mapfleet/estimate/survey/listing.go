package survey

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/audit"
)

// Store is the part of S3 that is read. *s3.Client is one.
type Store interface {
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// patient has a call made so many times: a listing of hours must not end by one bad minute.
func patient(o *s3.Options) { o.RetryMaxAttempts = 10 }

// List adds the objects under a prefix, page by page, at most the first most of them; 0 is all. counted is
// told after each page how many there are.
func (s *Survey) List(ctx context.Context, store Store, bucket, prefix string, most int, counted func(items int)) error {
	in := &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	for {
		page, err := store.ListObjectsV2(ctx, in, patient)
		if err != nil {
			return audit.ForPerson(fault.Of("ListObjectsV2", bucket, prefix, err))
		}
		s.Lists++
		for _, o := range page.Contents {
			if most > 0 && s.Items == most {
				return nil
			}
			s.Add(job.Item{
				Key: aws.ToString(o.Key), ETag: strings.Trim(aws.ToString(o.ETag), `"`), Size: aws.ToInt64(o.Size),
				LastModified: aws.ToTime(o.LastModified), StorageClass: string(o.StorageClass),
			})
		}
		counted(s.Items)
		if !aws.ToBool(page.IsTruncated) {
			return nil
		}
		if in.ContinuationToken = page.NextContinuationToken; in.ContinuationToken == nil {
			return fmt.Errorf("list s3://%s/%s: the listing does not go on", bucket, prefix)
		}
	}
}
