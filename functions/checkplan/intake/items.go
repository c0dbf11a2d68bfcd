package intake

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
	"mapfleet/functions/prepare/manifest"
	"mapfleet/functions/prepare/upload"
)

// items writes the lines of the plan's file as JSON Lines, and counts them and those that are refused.
func (p *Planner) items(ctx context.Context, plan *checks.Plan) error {
	file, to := plan.File, plan.Items
	body, version, err := p.open(ctx, file)
	if err != nil {
		return err
	}
	defer body.Close()
	text, err := manifest.Unpack(body, file)
	if err != nil {
		return refused(file, err)
	}
	object := upload.New(ctx, p.Store, to.Bucket, to.Key, "application/jsonl")
	defer object.Abort()
	out := bufio.NewWriter(object)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_, key, _ := job.SplitURL(file)
	format, _ := checks.FormatOf(key)
	for item, err := range checks.Read(text, format) {
		if err != nil {
			return refused(file, err)
		}
		if err := encoder.Encode(item); err != nil {
			return fault.AtEdge(err)
		}
		plan.Lines++
		if item.Refused != "" {
			plan.Bad++
		}
	}
	if plan.Lines == 0 {
		return problem(file, "no checks", "one check or more")
	}
	if plan.Lines > job.MaxMapRunItems {
		return problem(file, fmt.Sprintf("%d checks", plan.Lines), fmt.Sprintf("at most %d", job.MaxMapRunItems))
	}
	if err := out.Flush(); err != nil {
		return fault.AtEdge(err)
	}
	plan.Version = version
	return fault.AtEdge(object.Close())
}

// open reads the file, and tells its ETag. Errors, also those of reading, are job's, or the context's.
func (p *Planner) open(ctx context.Context, file string) (io.ReadCloser, string, error) {
	bucket, key, _ := job.SplitURL(file)
	out, err := p.Store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	switch err := fault.Of("GetObject", bucket, key, err).(type) {
	case nil:
		return named{out.Body, bucket, key}, aws.ToString(out.ETag), nil
	case fault.NoBucket:
		return nil, "", job.SourceMissing{Message: err.Message}
	case fault.Gone:
		return nil, "", job.SourceMissing{Message: err.Message}
	case fault.Archived:
		return nil, "", problem(file, "an archived object", "one that can be read: restore it first")
	default:
		return nil, "", err
	}
}

// named names the errors of a connection that breaks while a file is read.
type named struct {
	io.ReadCloser
	bucket, key string
}

func (n named) Read(p []byte) (int, error) {
	read, err := n.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = fault.Of("GetObject", n.bucket, n.key, err)
	}
	return read, err
}

// refused says what is wrong with the file as a whole; other errors are as they were.
func refused(file string, err error) error {
	if bad, ok := errors.AsType[*manifest.Bad](err); ok {
		return job.InvalidInput{Problems: []job.Problem{bad.Problem}}
	}
	if wrong, ok := errors.AsType[job.InvalidInput](err); ok {
		problems := slices.Clone(wrong.Problems)
		for i := range problems {
			problems[i].Field = file + ", " + problems[i].Field
		}
		return job.InvalidInput{Problems: problems}
	}
	return err
}

func problem(file, given, allowed string) error {
	return job.InvalidInput{Problems: []job.Problem{{Field: file, Given: given, Allowed: allowed}}}
}
