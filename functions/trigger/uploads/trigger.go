// Package uploads turns S3's object-created events into runs: one run over the keys of a batch of
// events, and one for each manifest or file of checks that is uploaded. A run is named after its events,
// so that the same batch delivered again starts nothing; events that come again in other company start a
// run that finds its outputs current.
package uploads

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// Machines is the part of Step Functions that starts runs. *sfn.Client is one.
type Machines interface {
	StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
}

// Objects is the part of S3 that tells whether a key exists. *s3.Client is one.
type Objects interface {
	HeadObject(context.Context, *s3.HeadObjectInput, ...func(*s3.Options)) (*s3.HeadObjectOutput, error)
}

// Trigger handles batches of events. Its fields are set once; Handle may be called by many goroutines.
type Trigger struct {
	Machines Machines
	Objects  Objects
	// StateMachine is the ARN of what is started.
	StateMachine string
	// Source and Destination are the deployment's; an event of neither the source nor the manifests
	// starts nothing.
	Source, Destination job.Location
	// Manifests is where uploads are lists of items, not pictures. An empty bucket is nowhere.
	Manifests job.Location
	// Checks is the ARN of the state machine of checks, which an upload of a file of them starts; empty where
	// there is none. ChecksFiles is where those files lie.
	Checks      string
	ChecksFiles job.Location
}

// FromEnv reads a Trigger, but for its clients, by getenv: STATE_MACHINE_ARN, SOURCE_BUCKET,
// SOURCE_PREFIX, DESTINATION_BUCKET, DESTINATION_PREFIX, WORK_BUCKET, CHECKS_STATE_MACHINE_ARN. The prefixes
// and the last may be empty. The error names every variable that is missing.
func FromEnv(getenv func(string) string) (*Trigger, error) {
	var errs []error
	for _, name := range []string{"STATE_MACHINE_ARN", "SOURCE_BUCKET", "DESTINATION_BUCKET", "WORK_BUCKET"} {
		if getenv(name) == "" {
			errs = append(errs, fmt.Errorf("%s is not set", name))
		}
	}
	return &Trigger{
		StateMachine: getenv("STATE_MACHINE_ARN"),
		Source:       job.Location{Bucket: getenv("SOURCE_BUCKET"), Prefix: getenv("SOURCE_PREFIX")},
		Destination:  job.Location{Bucket: getenv("DESTINATION_BUCKET"), Prefix: getenv("DESTINATION_PREFIX")},
		Manifests:    job.Location{Bucket: getenv("WORK_BUCKET"), Prefix: job.ManifestsPrefix},
		Checks:       getenv("CHECKS_STATE_MACHINE_ARN"),
		ChecksFiles:  job.Location{Bucket: getenv("WORK_BUCKET"), Prefix: checks.FilesPrefix},
	}, errors.Join(errs...)
}

// within says whether an object lies in a location.
func within(bucket, key string, l job.Location) bool {
	return l.Bucket != "" && bucket == l.Bucket && strings.HasPrefix(key, l.Prefix)
}
