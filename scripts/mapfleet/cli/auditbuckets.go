package cli

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/engine/storage"
)

// bucketPlace is any S3.
func (r *auditCommand) bucketPlace() (auditPlace, error) {
	deployment, err := engine.Config{Concurrency: 1}.Deployment()
	if err != nil {
		return auditPlace{}, err
	}
	// Of a deployment that is not known here, an audit needs its buckets, and the widest limits.
	deployment.Recipe, deployment.WorkBucket = nil, ""
	deployment.MaxBatchSize, deployment.MaxMaxConcurrency = 10000, 10000
	if deployment.SourceBucket, deployment.SourcePrefix, err = splitPlace("--source", r.source); err != nil {
		return auditPlace{}, err
	}
	if deployment.DestinationBucket, deployment.DestinationPrefix, err = splitPlace("--destination", r.destination); err != nil {
		return auditPlace{}, err
	}
	if r.work != "" {
		var prefix string
		if deployment.WorkBucket, prefix, err = splitPlace("--work", r.work); err != nil || prefix != "" {
			return auditPlace{}, usagef("--work: given %q, allowed s3://BUCKET", r.work)
		}
	}
	input, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return auditPlace{}, err
	}
	in, err := job.ParseInput(input, deployment)
	switch {
	case err != nil:
		return auditPlace{}, usagef("--input: %w", err)
	case in.Variants == nil && in.RetryFailuresOf == "":
		return auditPlace{}, usagef(`--input names no "variants": the deployment's recipe is not known here, so name it`)
	case in.RetryFailuresOf != "" && r.work == "":
		return auditPlace{}, usagef(`--input names "retryFailuresOf", which is looked up in the work bucket: name it by --work s3://BUCKET`)
	}
	p := auditPlace{deployment: deployment, input: input, aws: r.endpoint == "", work: deployment.WorkBucket}
	p.open = func(ctx context.Context) (*s3.Client, func() error, error) {
		return openBuckets(ctx, r.endpoint, r.concurrency)
	}
	return p, nil
}

func splitPlace(flag, value string) (bucket, prefix string, err error) {
	rest, ok := strings.CutPrefix(value, "s3://")
	bucket, prefix, _ = strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return "", "", usagef("%s: given %q, allowed s3://BUCKET or s3://BUCKET/PREFIX", flag, value)
	}
	return bucket, prefix, nil
}

// answerTime is how long S3 may take to answer before the call is made again.
const answerTime = 20 * time.Second

// openBuckets makes a client by the default credentials chain.
func openBuckets(ctx context.Context, endpoint string, concurrency int) (*s3.Client, func() error, error) {
	// A connection for each request that is under way, and those of the listings.
	connections := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, concurrency+2
		t.ResponseHeaderTimeout = answerTime
	})
	cfg, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithHTTPClient(connections))
	if err != nil {
		return nil, nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.DisableLogOutputChecksumValidationSkipped = true
		if endpoint != "" {
			o.BaseEndpoint, o.UsePathStyle = &endpoint, true
			if o.Region == "" {
				o.Region = storage.Region // S3 by another maker seldom cares
			}
		}
	})
	return client, func() error { return nil }, nil
}
