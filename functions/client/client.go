// Package client makes the S3 client that all functions use.
package client

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// attempts is how often one S3 call is tried, with the SDK's jittered waits between, before the state
// machine's own retry takes over.
const attempts = 6

// S3 returns a client by the environment's configuration.
func S3(ctx context.Context) (*s3.Client, error) {
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(attempts))
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		// An object without a checksum is common, and a log line for each of a million is a bill.
		o.DisableLogOutputChecksumValidationSkipped = true
	}), nil
}
