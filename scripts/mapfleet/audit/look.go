package audit

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
)

// lookAtOutputs asks for every output of every selected source. With explain, it notes what they want.
func (a *audit) lookAtOutputs(ctx context.Context, s selection, explain bool) error {
	a.Progress.enter("looking at outputs")
	return inOrder(ctx, a.Concurrency, s.items, a.examine, func(c account) error {
		a.Progress.sources.Add(1)
		if explain {
			if err := a.want(c, func(int) uint64 { return 0 }); err != nil {
				return err
			}
		}
		return a.settle(c)
	})
}

// examine looks at the outputs of one source, as a worker does before it makes them. An error is the
// world's fault.
func (a *audit) examine(ctx context.Context, item job.Item) (account, error) {
	c := a.wants(item)
	if c.ignored != "" {
		return c, nil
	}
	etag, err := a.etag(ctx, &c)
	if err != nil || c.is(Gone, Denied) {
		return c, err
	}
	for i, v := range a.input.Variants {
		if c.outputs[i] == "" {
			continue
		}
		f, err := a.compare(ctx, item.Key, etag, i, c.outputs[i])
		if err != nil {
			return c, err
		}
		if f.kind != "" {
			f.Source, f.Variant, f.Output = item.Key, v.Name, c.outputs[i]
			c.add(f)
		}
	}
	switch {
	case c.refused || !c.is(Missing, Stale):
	case item.Archived():
		c.explain("the source is in storage class " + item.StorageClass + ": restore it first")
	default:
		err = a.inspect(ctx, &c)
	}
	return c, err
}

// etag returns the source's ETag, from its item or, where that does not tell, from S3.
func (a *audit) etag(ctx context.Context, c *account) (string, error) {
	if c.item.ETag != "" || a.fresh {
		return c.item.ETag, nil
	}
	out, err := a.s3.head(ctx, a.Deployment.SourceBucket, c.item.Key)
	if err != nil {
		return "", c.blame(err)
	}
	return strings.Trim(aws.ToString(out.ETag), `"`), nil
}

// compare looks at one output. The finding has no kind if the output is current. The rules are those of
// the worker, when it overwrites what is stale.
func (a *audit) compare(ctx context.Context, source, etag string, variant int, output string) (Finding, error) {
	if a.fresh {
		return Finding{kind: Missing}, nil
	}
	out, err := a.s3.head(ctx, a.Deployment.DestinationBucket, output)
	if _, gone := err.(fault.Gone); gone {
		return Finding{kind: Missing}, nil
	}
	if err != nil {
		return Finding{}, err
	}
	marks := out.Metadata
	sameSource := marks[batch.MarkETag] == etag && etag != ""
	sameRecipe := marks[batch.MarkRecipe] == a.recipes[variant]
	switch {
	case marks[batch.MarkSource] != "" && marks[batch.MarkSource] != batch.SourceMark(source):
		return Finding{kind: Collision, Reason: "what stands there was made from another source"}, nil
	case sameSource && sameRecipe:
		return Finding{}, nil
	case marks[batch.MarkRecipe] == "":
		return Finding{kind: Collision, Reason: "mapfleet has not made what stands there; a run replaces it only with overwrite always"}, nil
	case sameRecipe:
		return Finding{kind: Stale, Reason: "the source has changed since"}, nil
	case sameSource:
		return Finding{kind: Stale, Reason: "made by another recipe"}, nil
	default:
		return Finding{kind: Stale, Reason: "the source has changed since, and it was made by another recipe"}, nil
	}
}
