package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
	"mapfleet/functions/prepare/manifest"
	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/estimate/survey"
)

// parse checks flags and run input before anything is counted. MaxConcurrency of the input is 0 where none was
// given.
func (r *estimateResize) parse() (job.Input, error) {
	fail := func(format string, args ...any) (job.Input, error) { return job.Input{}, usagef(format, args...) }
	given := 0
	for _, is := range []bool{r.items != 0, r.in != "", r.source != "" || r.manifest != ""} {
		if is {
			given++
		}
	}
	switch {
	case given > 1:
		return fail("--items, --in, and --source or --manifest each say which pictures: give one of them")
	case given == 0 && r.endpoint != "":
		return fail("--endpoint-url says where S3 is: name what to count there, --source s3://BUCKET/PREFIX or --manifest s3://BUCKET/KEY")
	case given == 0 || r.items < 0 || r.items > 1_000_000_000:
		return fail("--items: given %d, allowed 1 to 1000000000; or let a bucket, a folder or a list be counted, --source, --in, --manifest\nRun 'mapfleet estimate resize -h' for the flags.", r.items)
	case r.endpoint != "" && r.source == "" && !strings.HasPrefix(r.manifest, "s3://"):
		return fail("--endpoint-url says where S3 is, and nothing there is named: --source s3://BUCKET/PREFIX or --manifest s3://BUCKET/KEY")
	case r.others < 0 || r.others > 100:
		return fail("--not-jpeg: given %v, allowed 0 to 100", r.others)
	case r.memory != 0 && (r.memory < 512 || r.memory > 10240):
		return fail("--memory: given %d, allowed 512 to 10240", r.memory)
	case r.architecture != string(job.ARM64) && r.architecture != string(job.X86):
		return fail("--architecture: given %q, allowed %s, %s", r.architecture, job.ARM64, job.X86)
	}
	data, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return job.Input{}, err
	}
	deployment, err := r.deployment()
	if err != nil {
		return job.Input{}, err
	}
	in, err := job.ParseInput(data, deployment)
	if err != nil {
		return fail("--input: %w", err)
	}
	switch {
	case in.RetryFailuresOf != "":
		return fail(`--input names "retryFailuresOf": let the failures.jsonl of that run be counted instead, --manifest FILE`)
	case in.Manifest != "" && (r.manifest != "" || r.source == ""):
		return fail(`--input names "manifest": name it by --manifest alone, s3://BUCKET/KEY or a file`)
	case in.Keys != nil && (r.manifest != "" || r.source == ""):
		return fail(`--input names "keys", which are of a bucket: name it by --source s3://BUCKET/PREFIX alone`)
	case in.Manifest != "":
		r.manifest = in.Manifest
	}
	var asked struct {
		MaxConcurrency int
		Prefix, Filter any
	}
	_ = json.Unmarshal(data, &asked) // ParseInput has checked it
	in.MaxConcurrency = asked.MaxConcurrency
	if r.items > 0 && (asked.Prefix != nil || asked.Filter != nil) {
		return fail(`--input names "prefix" or "filter", which are of objects that are counted: leave them out beside --items`)
	}
	return in, nil
}

// deployment is one with the widest limits, since that of the run is not known here.
func (r *estimateResize) deployment() (job.Deployment, error) {
	d, err := engine.Config{Concurrency: 1}.Deployment()
	d.MaxBatchSize, d.MaxMaxConcurrency = 10_000, 10_000
	if err == nil && r.source != "" {
		d.SourceBucket, d.SourcePrefix, err = splitPlace("--source", r.source)
	}
	return d, err
}

// load is the work of the run: given, or counted.
func (r *estimateResize) load(ctx context.Context, in job.Input) (cost.Load, *countedObjects, error) {
	load := cost.Load{MapRuns: 1, Variants: in.Variants, Architecture: job.Architecture(r.architecture)}
	pages, unknown := 0, 0
	var counted *countedObjects
	if r.items > 0 {
		mean, err := parseSize(r.meanBytes)
		if err != nil {
			return load, nil, usagef("--mean-bytes: %w", err)
		}
		items := r.items
		if in.MaxItems > 0 {
			items = min(items, in.MaxItems)
		}
		others := int(float64(items) * r.others / 100)
		load.Items, pages = items, (items+999)/1000
		load.Piles[cost.JPEG] = cost.Pile{Items: items - others, Bytes: int64(items-others) * mean}
		load.Piles[cost.Other] = cost.Pile{Items: others, Bytes: int64(others) * mean}
	} else {
		started := time.Now()
		s, from, err := r.count(ctx, in)
		if err != nil {
			return load, nil, err
		}
		r.survey = s
		counted = newCounted(s, from, time.Since(started))
		load.Items, load.Piles, load.Classes = s.Items, s.Piles, s.Classes
		load.KeyBytes = int(s.KeyBytes / int64(s.Items))
		pages, unknown = s.Lists, s.UnknownETags
	}
	load.Lists = 2*pages + 2 // once by Prepare and once by the Map Run, and a look at either bucket
	if !r.fresh {
		load.Heads = load.Piles.All().Items*len(in.Variants) + unknown
	}
	return load, counted, nil
}

// count counts the objects, and says of what.
func (r *estimateResize) count(ctx context.Context, in job.Input) (*survey.Survey, string, error) {
	s, show := survey.New(in.Filter), newCounter(r.stderr)
	store := func() (survey.Store, error) { return r.store(ctx) }
	from, err := r.in, error(nil)
	switch {
	case r.manifest != "":
		from = r.manifest
		var scope manifest.Scope
		if r.source != "" {
			scope.Bucket, scope.Prefix, _ = splitPlace("--source", r.source)
		}
		err = s.Manifest(ctx, survey.Manifest{Name: r.manifest, Scope: scope, Store: store, Most: in.MaxItems}, show.show)
		if _, invalid := errors.AsType[job.InvalidInput](err); invalid {
			if r.source == "" && strings.Contains(err.Error(), "source bucket") {
				err = fmt.Errorf("%w\na list that names its bucket needs --source s3://BUCKET/PREFIX", err)
			}
			err = usagef("--manifest: %w", err)
		}
		if _, missing := errors.AsType[job.SourceMissing](err); missing && !strings.HasPrefix(r.manifest, "s3://") {
			err = usagef("--manifest: %w", err)
		}
	case in.Keys != nil:
		from = `"keys" of the input`
		for _, key := range in.Keys {
			s.Add(job.Item{Key: key, Size: -1})
		}
	case r.in != "":
		if err = s.Folder(ctx, r.in, in.Prefix, in.MaxItems, show.show); err != nil && ctx.Err() == nil {
			err = usagef("--in: %w", err)
		}
	default:
		bucket, _, _ := splitPlace("--source", r.source)
		from = "s3://" + bucket + "/" + in.Prefix
		var client survey.Store
		if client, err = store(); err == nil {
			err = s.List(ctx, client, bucket, in.Prefix, in.MaxItems, show.show)
		}
	}
	show.end()
	switch {
	case ctx.Err() != nil:
		return nil, "", fmt.Errorf("interrupted after %s objects: nothing is estimated", count(s.Items))
	case err != nil:
		return nil, "", err
	case s.Items == 0:
		return nil, "", usagef("there is nothing to count in %s", from)
	}
	return s, from, nil
}

// store is S3 with the credentials of the caller, if there are any.
func (r *estimateResize) store(ctx context.Context) (survey.Store, error) {
	client, _, err := openBuckets(ctx, r.endpoint, 1)
	if err != nil {
		return nil, err
	}
	options := client.Options()
	if options.Region == "" {
		return nil, errors.New("no Region is named: set AWS_REGION to the bucket's")
	}
	if _, err := options.Credentials.Retrieve(ctx); err != nil {
		if r.endpoint != "" {
			return nil, fmt.Errorf("no credentials were found for %s: \"mapfleet serve\" keeps them in serve.env of its state folder: %w", r.endpoint, err)
		}
		return nil, fmt.Errorf("no AWS credentials were found: set AWS_PROFILE, or log in by \"aws sso login\" or \"aws configure\": %w", err)
	}
	return client, nil
}

// counter shows on a terminal how many objects have been counted; elsewhere it is silent.
type counter struct {
	w    io.Writer
	last time.Time
}

func newCounter(w io.Writer) *counter {
	if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return &counter{}
	}
	return &counter{w: w}
}

func (c *counter) show(items int) {
	if now := time.Now(); c.w != nil && now.Sub(c.last) >= redrawEvery {
		c.last = now
		fmt.Fprintf(c.w, "\r%s objects counted\x1b[K", count(items))
	}
}

// end takes the display away: the result says it all.
func (c *counter) end() {
	if c.w != nil {
		fmt.Fprint(c.w, "\r\x1b[K")
	}
}
