package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"mapfleet/functions/job"
)

// Input reads and checks a run input. What one with retryFailuresOf leaves out of what decides the outputs is
// taken from the plan of that run, never from the deployment: by another recipe it would be another run's failures
// that are mended. The error is as that of Plan.
func (p *Planner) Input(ctx context.Context, data []byte) (job.Input, error) {
	in, err := job.ParseInput(data, p.Deployment)
	if err != nil || in.RetryFailuresOf == "" {
		return in, err
	}
	earlier := in.RetryFailuresOf
	kept, err := p.read(ctx, job.ReportKey(earlier, "plan.json"))
	if _, gone := err.(job.SourceMissing); gone {
		kept, err = nil, p.hasFailures(ctx, earlier)
	}
	if err != nil {
		return in, err
	}
	full, missing := job.Again(data, kept)
	if missing != nil {
		return in, p.untold(earlier, missing)
	}
	if err := p.samePlaces(earlier, kept); err != nil {
		return in, err
	}
	in, err = job.ParseInput(full, p.Deployment)
	if invalid, ok := err.(job.InvalidInput); ok { // in what the plan holds: data by itself has been parsed
		for i, problem := range invalid.Problems {
			name, _, _ := strings.Cut(problem.Field, "[")
			name, _, _ = strings.Cut(name, ".")
			invalid.Problems[i].Field += fmt.Sprintf(", as run %q had it", earlier)
			invalid.Problems[i].Allowed += fmt.Sprintf("; or name %q in this input", name)
		}
	}
	return in, err
}

// untold refuses an input that leaves out what the plan of the earlier run does not tell.
func (p *Planner) untold(earlier string, missing []string) error {
	plan := job.Location{Bucket: p.Deployment.WorkBucket, Prefix: job.ReportKey(earlier, "plan.json")}
	return job.InvalidInput{Problems: []job.Problem{{
		Field: strings.Join(missing, ", "), Given: "nothing",
		Allowed: fmt.Sprintf("as run %q had it, named in this input: its plan %s is gone, or does not tell it", earlier, url(plan)),
	}}}
}

// samePlaces refuses the failures of a run that went elsewhere: a deployment may have been changed since then, and
// what that run lacks would still be lacking. Without a plan nothing is known of it.
func (p *Planner) samePlaces(earlier string, kept []byte) error {
	var was job.Plan
	if json.Unmarshal(kept, &was) != nil {
		return nil
	}
	source, destination := p.places()
	if was.Job.Source == source && was.Job.Destination == destination {
		return nil
	}
	return job.InvalidInput{Problems: []job.Problem{{
		Field: "retryFailuresOf", Given: fmt.Sprintf("%q, which went from %s to %s", earlier, url(was.Job.Source), url(was.Job.Destination)),
		Allowed: fmt.Sprintf(`a run from %s to %s, as the deployment is now; "manifest":%q makes outputs of the same objects there`,
			url(source), url(destination), url(job.Location{Bucket: p.Deployment.WorkBucket, Prefix: job.ReportKey(earlier, "failures.jsonl")})),
	}}}
}

func url(l job.Location) string { return "s3://" + l.Bucket + "/" + l.Prefix }

// hasFailures is nil if the run has left failures.jsonl.
func (p *Planner) hasFailures(ctx context.Context, run string) error {
	body, err := p.open(ctx, p.Deployment.WorkBucket, job.ReportKey(run, "failures.jsonl"))
	if err != nil {
		return noFailures(run, err)
	}
	return body.Close()
}

// noFailures words that a run has no failures.jsonl, and leaves other errors as they are.
func noFailures(run string, err error) error {
	if e, ok := err.(job.SourceMissing); ok {
		return job.SourceMissing{Message: fmt.Sprintf("no run %q has left failures to run again: %s", run, e.Message)}
	}
	return err
}

// read returns a whole object of the work bucket.
func (p *Planner) read(ctx context.Context, key string) ([]byte, error) {
	body, err := p.open(ctx, p.Deployment.WorkBucket, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}
