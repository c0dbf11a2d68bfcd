package cli

import (
	"encoding/json"

	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/scripts/mapfleet/stack"
)

// checkInput checks the run input of a job that is known here, as far as the deployment's own limits are not
// needed.
func (r *startCommand) checkInput(input json.RawMessage, s *stack.Stack) error {
	switch {
	case s.Checks():
		return checkChecksInput(input, s)
	case s.Resizes():
		return checkResizeInput(input, s)
	}
	return nil
}

func checkChecksInput(input json.RawMessage, s *stack.Stack) error {
	var given struct{ File, Output string }
	_ = json.Unmarshal(input, &given) // what is wrong with it is said below
	d := checks.Deployment{
		WorkBucket: s.Work, File: "s3://files/the-deployments-own.csv", Files: []string{"files"},
		MaxBatchSize: 10000, MaxMaxConcurrency: 10000,
	}
	for _, url := range []string{given.File, given.Output} {
		if bucket, _, ok := job.SplitURL(url); ok && bucket != s.Work {
			d.Files = append(d.Files, bucket)
		}
	}
	if _, err := checks.ParseInput(input, d); err != nil {
		return usagef("--input: %w", err)
	}
	return nil
}

func checkResizeInput(input json.RawMessage, s *stack.Stack) error {
	var given struct {
		Manifest string `json:"manifest"`
	}
	_ = json.Unmarshal(input, &given) // what is wrong with it is said below
	d := widest(s)
	d.ManifestBucket, _, _ = job.SplitURL(given.Manifest)
	if _, err := job.ParseInput(input, d); err != nil {
		return usagef("--input: %w", err)
	}
	return nil
}

// widest is a deployment of the stack's buckets with the widest limits that one can have: its own are not
// known here.
func widest(s *stack.Stack) job.Deployment {
	return job.Deployment{
		SourceBucket: s.Source, DestinationBucket: s.Destination, WorkBucket: s.Work,
		MaxBatchSize: 10000, MaxMaxConcurrency: 10000, AVIF: true,
	}
}
