package plan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/manifest"
)

// readManifest adds to l what the manifest s3://bucket/key lists, in any format that package manifest
// reads. The error is one of job's types, or the context's.
func (p *Planner) readManifest(ctx context.Context, l *list, bucket, key string) (err error) {
	name := "s3://" + bucket + "/" + key
	body, err := p.open(ctx, bucket, key)
	if err != nil {
		return err
	}
	defer body.Close()
	defer func() { err = blame(err, body) }()
	text, err := manifest.Unpack(body, name)
	if err != nil {
		return refused(err)
	}
	format, _ := job.ManifestFormatOf(key)
	if format == job.ManifestJSON {
		inventory, same, err := manifest.IsInventory(text)
		if err != nil {
			return refused(err)
		}
		if inventory {
			return p.readInventory(ctx, l, same, name)
		}
		text = same
	}
	l.place = name
	return stopped(manifest.ReadAll(manifest.NewReader(format, text, name, p.scope()), l.take))
}

// readInventory adds to l what the lists of an Inventory hold.
func (p *Planner) readInventory(ctx context.Context, l *list, text io.Reader, name string) error {
	inventory, err := manifest.ReadInventory(text, name, p.scope())
	if err != nil {
		return err
	}
	if !slices.Contains(p.Deployment.Manifests(), inventory.Bucket) {
		return job.InvalidInput{Problems: []job.Problem{{Field: name + ", destinationBucket", Given: inventory.Bucket,
			Allowed: "an Inventory that is delivered to one of the buckets " + strings.Join(p.Deployment.Manifests(), ", ")}}}
	}
	for _, file := range inventory.Files {
		if err := p.readInventoryFile(ctx, l, inventory, file); err == errEnough {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (p *Planner) readInventoryFile(ctx context.Context, l *list, inventory manifest.Inventory, file manifest.InventoryFile) (err error) {
	body, err := p.open(ctx, inventory.Bucket, file.Key)
	if err != nil {
		return err
	}
	defer body.Close()
	defer func() { err = blame(err, body) }()
	lines, err := inventory.NewReader(file, body, p.scope())
	if err != nil {
		return refused(err)
	}
	l.place = "s3://" + inventory.Bucket + "/" + file.Key
	return manifest.ReadAll(lines, l.take)
}

// scope is what manifests may name.
func (p *Planner) scope() manifest.Scope {
	return manifest.Scope{Bucket: p.Deployment.SourceBucket, Prefix: p.Deployment.SourcePrefix}
}

// refused makes what is wrong with a manifest an InvalidInput.
func refused(err error) error {
	if bad, ok := errors.AsType[*manifest.Bad](err); ok {
		return job.InvalidInput{Problems: []job.Problem{bad.Problem}}
	}
	return err
}

// blame lets a manifest be refused only if it came over whole: its checksum is compared at its end, and a
// download that was damaged is tried again instead.
func blame(err error, rest io.Reader) error {
	if _, refused := err.(job.InvalidInput); !refused {
		return err
	}
	if _, damaged := io.Copy(io.Discard, rest); damaged != nil {
		return damaged
	}
	return err
}

// open reads an object that a run goes by; it is the caller's to close. Errors, also those of reading,
// are job's, or the context's.
func (p *Planner) open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := p.Store.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, missing(fault.Of("GetObject", bucket, key, err))
	}
	return body{ctx, out.Body, "s3://" + bucket + "/" + key}, nil
}

// missing turns a fault of a bucket that is read into what the state machine knows.
func missing(err error) error {
	switch e := err.(type) {
	case fault.NoBucket:
		return job.SourceMissing{Message: e.Message}
	case fault.Gone:
		return job.SourceMissing{Message: e.Message}
	case fault.Archived:
		return job.SourceMissing{Message: e.Message}
	case fault.Refused:
		return job.SourceRefused{Message: e.Message}
	}
	return err
}

// body names the errors of a connection that breaks.
type body struct {
	ctx context.Context
	io.ReadCloser
	name string
}

func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case b.ctx.Err() != nil:
		return n, b.ctx.Err()
	}
	return n, job.Unavailable{Message: fmt.Sprintf("read %s: %v", b.name, err)}
}
