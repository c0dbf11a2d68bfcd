package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/job"
	"mapfleet/functions/prepare/upload"
	"mapfleet/scripts/mapfleet/audit"
)

// auditCommand holds the flags of "mapfleet audit".
type auditCommand struct {
	in, out, state, stack               string
	source, destination, work, endpoint string
	input, manifest, orphans            string
	concurrency                         int
	quick, json                         bool

	stdout, stderr io.Writer
}

func newAudit(stdout, stderr io.Writer) *cobra.Command {
	r := &auditCommand{stdout: stdout, stderr: stderr}
	c := &cobra.Command{
		Use:   "audit (--in DIR --out DIR | --stack NAME | --source s3://BUCKET/PREFIX --destination s3://BUCKET/PREFIX)",
		Short: "Compare the destination with source and recipe",
		Long:  auditHelp,
		Example: `  mapfleet audit --in photos --out small
  mapfleet audit --in photos --out small --input '{"prefix":"2026/"}' --manifest s3://work/audits/today.jsonl
  mapfleet audit --source s3://photos/in --destination s3://thumbs --input recipe.json --quick --json`,
		Args: noArguments,
		RunE: r.run,
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&r.in, "in", "", "`DIR` with the pictures, as in mapfleet local resize")
	flags.StringVar(&r.out, "out", "", "`DIR` with the results")
	flags.StringVar(&r.state, "state", "", "`DIR` of the runs' state (default OUT/.mapfleet)")
	flags.StringVar(&r.stack, "stack", "", "`NAME` of a CloudFormation stack: its buckets and recipe, as its latest run had them")
	flags.StringVar(&r.source, "source", "", "`s3://BUCKET/PREFIX` of the deployment's source")
	flags.StringVar(&r.destination, "destination", "", "`s3://BUCKET/PREFIX` of its destination")
	flags.StringVar(&r.work, "work", "", "`s3://BUCKET` of its work bucket, where manifests and reports lie")
	flags.StringVar(&r.endpoint, "endpoint-url", "", "`URL` of an S3 that is not AWS's; alone, that of \"mapfleet serve\"")
	flags.StringVar(&r.input, "input", "{}", "run input: `JSON`, or a file that holds it; with --source it must name its variants")
	flags.BoolVar(&r.quick, "quick", false, "compare listings only")
	flags.IntVar(&r.concurrency, "concurrency", audit.DefaultConcurrency, "`requests` for single objects at a time")
	flags.StringVar(&r.manifest, "manifest", "", "`FILE` or s3://WORKBUCKET/KEY.jsonl for the sources that are missing or stale")
	flags.StringVar(&r.orphans, "orphans", "", "`FILE` for the keys of orphaned outputs")
	flags.BoolVar(&r.json, "json", false, "print one JSON object instead of text")
	return c
}

func (r *auditCommand) run(c *cobra.Command, _ []string) (err error) {
	if err := r.fromStack(c.Context()); err != nil {
		return err
	}
	place, err := r.place()
	if err != nil {
		return err
	}
	in, err := job.ParseInput(place.input, place.deployment)
	if err != nil {
		return err
	}
	ctx, started := c.Context(), time.Now()
	if place.local {
		if err := listable(ctx, place.folders.Source, in); err != nil {
			return err
		}
	}
	orphans, manifest, err := r.openFiles()
	if err != nil {
		return err
	}
	defer func() { discard(orphans, manifest) }()
	store, finish, err := place.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, finish()) }()
	if r.manifestURL() {
		bucket, key, _ := job.SplitURL(r.manifest)
		manifest = wholeObject{upload.New(ctx, store, bucket, key, "application/jsonl")}
	}

	config := audit.Config{
		Store: store, Deployment: place.deployment, Input: place.input, Quick: r.quick, Concurrency: r.concurrency,
		Manifest: manifest, Orphans: orphans, Progress: &audit.Progress{},
	}
	if place.aws {
		config.Announce = r.announce
		if in.Variants != nil { // else those of the run whose failures are audited, which has to be asked for them
			r.forecast(len(in.Variants))
		}
	}
	bar := newAuditProgress(r.stderr, config.Progress)
	report, err := audit.Run(ctx, config)
	bar.end()
	if err == nil {
		err = commit(manifest, orphans)
	}
	if err != nil {
		return auditFault(ctx, err)
	}
	said := auditReport{Report: report, Manifest: r.manifest, Orphans: r.orphans, Seconds: float64(time.Since(started).Milliseconds()) / 1e3}
	if place.aws {
		said.USD = report.Requests.USD()
	}
	if err := r.print(said, place); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	if !report.Clean {
		return errRunFailed // everything has been said of it
	}
	return nil
}

// auditFault words what ended an audit.
func auditFault(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("the audit was interrupted: nothing was written")
	}
	if _, ok := errors.AsType[job.InvalidInput](err); ok {
		return usagef("%w", err)
	}
	return audit.ForPerson(err)
}

// manifestURL says whether the manifest is to be an object.
func (r *auditCommand) manifestURL() bool { return strings.HasPrefix(r.manifest, "s3://") }

// openFiles begins the files that are asked for, each nil if it is not: before the server of folders changes the
// directory that their names start from.
func (r *auditCommand) openFiles() (orphans, manifest whole, err error) {
	if orphans, err = openFile("--orphans", r.orphans); err != nil || r.manifestURL() {
		return orphans, nil, err
	}
	if manifest, err = openFile("--manifest", r.manifest); err != nil {
		discard(orphans)
	}
	return orphans, manifest, err
}
