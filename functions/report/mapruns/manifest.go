package mapruns

import (
	"context"
	"encoding/json"
	"io"
	"slices"

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

// Location is where an object lies.
type Location struct{ Bucket, Key string }

// Find returns where the manifests of Map Runs are, each once: by what the Map states gave, or, where they
// gave nothing, by looking below results.
func Find(ctx context.Context, s Store, outputs []job.MapRunResult, results job.Location) ([]Location, error) {
	var found []Location
	for _, run := range outputs {
		at := Location{run.ResultWriterDetails.Bucket, run.ResultWriterDetails.Key}
		if !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	if len(found) > 0 || results.Bucket == "" {
		return found, nil
	}
	keys, err := s.List(ctx, results.Bucket, results.Prefix, "/manifest.json")
	for _, key := range keys {
		found = append(found, Location{results.Bucket, key})
	}
	return found, err
}

// Visitor is given the records of a Map Run. R is what one is read as.
type Visitor[R any] struct {
	Succeeded, Failed, Pending func(R) error
	// Note is told, in a sentence for people, what cannot be read.
	Note func(format string, args ...any)
}

// Visit gives v every record of the Map Run with the manifest at, one at a time. It says whether the
// manifest could be read. The error is one of v's, or of Store.Open.
func (v Visitor[R]) Visit(ctx context.Context, s Store, at Location) (ok bool, err error) {
	data, err := s.Read(ctx, at.Bucket, at.Key)
	if err != nil {
		return false, err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		v.Note("The manifest s3://%s/%s cannot be read: %v.", at.Bucket, at.Key, err)
		return false, nil
	}
	bucket := m.DestinationBucket
	if bucket == "" {
		bucket = at.Bucket
	}
	for _, kind := range []struct {
		files []resultFile
		visit func(R) error
	}{
		{m.ResultFiles.SUCCEEDED, v.Succeeded},
		{m.ResultFiles.FAILED, v.Failed},
		{m.ResultFiles.PENDING, v.Pending},
	} {
		for _, file := range kind.files {
			if err := v.file(ctx, s, Location{bucket, file.Key}, kind.visit); err != nil {
				return true, err
			}
		}
	}
	return true, nil
}

// file gives visit every record of one result file.
func (v Visitor[R]) file(ctx context.Context, s Store, at Location, visit func(R) error) error {
	body, err := s.Open(ctx, at.Bucket, at.Key)
	if err != nil {
		return err
	}
	defer body.Close()
	n := 0
	err = eachValue(body, func(value json.RawMessage) error {
		n++
		var r R
		if err := json.Unmarshal(value, &r); err != nil {
			v.Note("Record %d of s3://%s/%s cannot be read: %v.", n, at.Bucket, at.Key, err)
			return nil
		}
		return visit(r)
	})
	if err == nil || notWhole(err) {
		// The checksum is compared at the end: what came damaged is worth another try, and says nothing of the file.
		if _, damaged := io.Copy(io.Discard, body); damaged != nil {
			return damaged
		}
	}
	if notWhole(err) {
		v.Note("s3://%s/%s cannot be read beyond record %d: %v.", at.Bucket, at.Key, n, err)
		return nil
	}
	return err
}
