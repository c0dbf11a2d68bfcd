package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/job/checks"
)

// object is where the findings of one round lie. Whoever writes it first has made the round: everybody
// else goes by what is there.
type object struct {
	store       Store
	bucket, key string
}

// load returns the findings of items that are there already.
func (o object) load(ctx context.Context, items []checks.Item) (findings []checks.Finding, there bool, err error) {
	out, err := o.store.GetObject(ctx, &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key})
	switch err := o.named("GetObject", err).(type) {
	case nil:
	case fault.Gone:
		return nil, false, nil
	case job.AccessDenied:
		return nil, false, job.AccessDenied{Message: err.Message + "; to be told that there is no such object it needs s3:ListBucket on the bucket"}
	default:
		return nil, false, err
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		return nil, false, o.named("GetObject", err)
	}
	if findings, err = parse(body, items); err != nil {
		return nil, false, job.Unavailable{Message: fmt.Sprintf("read s3://%s/%s: %v", o.bucket, o.key, err)}
	}
	return findings, true, nil
}

// save writes findings, or returns those that somebody else has written meanwhile.
func (o object) save(ctx context.Context, findings []checks.Finding, items []checks.Item) ([]checks.Finding, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	for _, f := range findings {
		if err := encoder.Encode(f); err != nil {
			return nil, job.Unavailable{Message: fmt.Sprintf("write the finding of line %d: %v", f.Line, err)}
		}
	}
	_, err := o.store.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &o.bucket, Key: &o.key, Body: bytes.NewReader(body.Bytes()),
		ContentType: aws.String("application/jsonl"), IfNoneMatch: aws.String("*"),
	})
	err = o.named("PutObject", err)
	if _, ok := err.(fault.Changed); !ok {
		return findings, err
	}
	earlier, there, err := o.load(ctx, items)
	if err == nil && !there {
		err = job.Unavailable{Message: fmt.Sprintf("PutObject s3://%s/%s: it was there, and then it was not", o.bucket, o.key)}
	}
	return earlier, err
}

// named returns err as package fault names it; the bucket is the one that is written to.
func (o object) named(call string, err error) error {
	switch err := fault.Of(call, o.bucket, o.key, err).(type) {
	case fault.NoBucket:
		return job.DestinationMissing{Message: err.Message}
	case fault.Archived:
		return job.Unavailable{Message: err.Message}
	default:
		return err
	}
}

// parse reads findings of items, none of them twice.
func parse(body []byte, items []checks.Item) ([]checks.Finding, error) {
	missing := make(map[int]bool, len(items))
	for _, item := range items {
		missing[item.Line] = true
	}
	var findings []checks.Finding
	decoder := json.NewDecoder(bytes.NewReader(body))
	for {
		var f checks.Finding
		switch err := decoder.Decode(&f); {
		case err == io.EOF && len(findings) == 0:
			return nil, io.ErrUnexpectedEOF
		case err == io.EOF:
			return findings, nil
		case err != nil:
			return nil, err
		case !missing[f.Line]:
			return nil, fmt.Errorf("line %d is none of this batch, or is there twice", f.Line)
		}
		delete(missing, f.Line)
		findings = append(findings, f)
	}
}
