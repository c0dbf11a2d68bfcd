package audit

import (
	"context"

	"mapfleet/functions/fault"
	"mapfleet/functions/job"
	"mapfleet/functions/resize/batch"
	"mapfleet/functions/resize/picture"
)

// inspect finds out whether a run would make anything of a source, which its item cannot tell: for each
// source that a run would fetch, one request.
func (a *audit) inspect(ctx context.Context, c *account) error {
	head, metadata, err := a.s3.start(ctx, a.Deployment.SourceBucket, c.item.Key, picture.SniffLen)
	if err != nil {
		if denied, ok := err.(job.AccessDenied); ok { // its outputs are missing all the same
			c.explain("the source may not be read: " + denied.Message)
			return nil
		}
		return c.blame(err)
	}
	_, known := picture.Sniff(head)
	switch {
	case metadata[batch.MarkRecipe] != "":
		c.ignore(batch.IgnoredOwn)
	case len(head) == 0:
		c.ignore(batch.IgnoredEmpty)
	case !known && !job.NamedAsPicture(c.item.Key):
		c.ignore(batch.IgnoredNoImage)
	}
	return nil
}

// blame takes what is wrong with one source as a finding, and hands back what is wrong with the world.
func (c *account) blame(err error) error {
	switch e := err.(type) {
	case fault.Gone:
		c.only(Finding{kind: Gone, Source: c.item.Key})
	case job.AccessDenied:
		c.only(Finding{kind: Denied, Source: c.item.Key, Reason: e.Message})
	case fault.Archived:
		c.explain("the source is archived: restore it first")
	default:
		return err
	}
	return nil
}

// explain puts a reason to the outputs that are missing.
func (c *account) explain(reason string) {
	for i := range c.findings {
		if c.findings[i].kind == Missing {
			c.findings[i].Reason = reason
		}
	}
}
