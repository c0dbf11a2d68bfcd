package account

import (
	"context"
	"encoding/json"
	"io"
	"slices"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
)

// manifest lists the result files of one Map Run.
// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
type manifest struct {
	DestinationBucket string
	MapRunArn         string
	ResultFiles       struct{ SUCCEEDED, FAILED, PENDING []resultFile }
}

type resultFile struct{ Key string }

type location struct{ bucket, key string }

// readRun adds up all result files of the run.
func (b *book) readRun(ctx context.Context, s store, plan job.Plan, ended Ended) error {
	manifests, err := findManifests(ctx, s, plan, ended)
	if err != nil {
		return err
	}
	for _, at := range manifests {
		err := b.readMapRun(ctx, s, at)
		if gone, ok := err.(fault.Gone); ok {
			b.note("Result files are missing: %s.", gone.Message)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	if len(manifests) < len(plan.Shards) && ended.Status == "" {
		b.note("%s of %s Map Runs left no result files.", count(len(plan.Shards)-len(manifests)), count(len(plan.Shards)))
	}
	return nil
}

// findManifests returns where the Map Runs' manifests are, each once.
func findManifests(ctx context.Context, s store, plan job.Plan, ended Ended) ([]location, error) {
	var found []location
	for _, run := range ended.MapRuns {
		at := location{run.ResultWriterDetails.Bucket, run.ResultWriterDetails.Key}
		if !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	if len(found) > 0 || plan.Results.Bucket == "" {
		return found, nil
	}
	keys, err := s.list(ctx, plan.Results.Bucket, plan.Results.Prefix, "/manifest.json")
	for _, key := range keys {
		found = append(found, location{plan.Results.Bucket, key})
	}
	return found, err
}

func (b *book) readMapRun(ctx context.Context, s store, at location) error {
	data, err := s.read(ctx, at.bucket, at.key)
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		b.note("The manifest s3://%s/%s cannot be read: %v.", at.bucket, at.key, err)
		return nil
	}
	b.mapRuns++
	bucket := m.DestinationBucket
	if bucket == "" {
		bucket = at.bucket
	}
	for _, kind := range []struct {
		files []resultFile
		add   func(record) error
	}{
		{m.ResultFiles.SUCCEEDED, b.succeeded},
		{m.ResultFiles.FAILED, b.failed},
		{m.ResultFiles.PENDING, b.pending},
	} {
		for _, file := range kind.files {
			if err := b.readFile(ctx, s, location{bucket, file.Key}, kind.add); err != nil {
				return err
			}
		}
	}
	return nil
}

// readFile adds up one result file, a record at a time.
func (b *book) readFile(ctx context.Context, s store, at location, add func(record) error) error {
	body, err := s.open(ctx, at.bucket, at.key)
	if err != nil {
		return err
	}
	defer body.Close()
	n := 0
	err = eachValue(body, func(value json.RawMessage) error {
		n++
		var r record
		if err := json.Unmarshal(value, &r); err != nil {
			b.note("Record %s of s3://%s/%s cannot be read: %v.", count(n), at.bucket, at.key, err)
			return nil
		}
		return add(r)
	})
	if notWhole(err) {
		b.note("s3://%s/%s cannot be read beyond record %s: %v.", at.bucket, at.key, count(n), err)
		return nil
	}
	return err
}

// notWhole says whether err means that a file is not JSON up to its end. A connection that breaks is
// another error, and worth another try.
func notWhole(err error) bool {
	_, syntax := err.(*json.SyntaxError)
	return syntax || err == io.EOF || err == io.ErrUnexpectedEOF
}
