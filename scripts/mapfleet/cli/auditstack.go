package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"mapfleet/functions/job"
	"mapfleet/scripts/mapfleet/stack"
)

// fromStack fills in the buckets of a deployed mapfleet, with their prefixes, and its recipe where the input
// names none: all from the plan of its latest run.
func (r *auditCommand) fromStack(ctx context.Context) error {
	alone := r.endpoint != "" && r.source == "" && r.destination == ""
	if r.stack == "" && !alone {
		return nil
	}
	if r.in != "" || r.out != "" || r.state != "" || r.source != "" || r.destination != "" || r.work != "" {
		return usagef("--stack names buckets: not beside --in, --out, --state, --source, --destination and --work")
	}
	s, err := stack.Open(ctx, stack.Address{Stack: r.stack, Endpoint: r.endpoint})
	if err != nil {
		return asUsage(err)
	}
	plan, err := latestPlan(ctx, s)
	if err != nil {
		return err
	}
	r.source, r.destination = placeURL(plan.Job.Source), placeURL(plan.Job.Destination)
	r.work = placeURL(job.Location{Bucket: s.Work})
	input, err := (&localResize{input: r.input}).readInput()
	if err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if json.Unmarshal(input, &given) != nil || given == nil {
		return nil // what is wrong with it is said where it is checked
	}
	recipe := "the input's recipe"
	if _, ok := given["retryFailuresOf"]; ok {
		recipe = "the recipe of the run that failed, where the input names none"
	} else if _, ok := given["variants"]; !ok {
		if given["variants"], err = json.Marshal(plan.Job.Variants); err != nil {
			return err
		}
		if input, err = json.Marshal(given); err != nil {
			return err
		}
		r.input, recipe = string(input), "its recipe"
	}
	fmt.Fprintf(r.stderr, "buckets as in the plan of %s, and %s: %s to %s\n", plan.Run, recipe, r.source, r.destination)
	return nil
}

func placeURL(l job.Location) string { return "s3://" + l.Bucket + "/" + l.Prefix }

// plannedRuns is how many of the latest runs are looked at for a plan.
const plannedRuns = 20

// latestPlan is that of the run that started last, of those that have one.
func latestPlan(ctx context.Context, s *stack.Stack) (*job.Plan, error) {
	runs, err := s.Runs(ctx, "", plannedRuns)
	if err != nil {
		return nil, err
	}
	for _, run := range runs {
		plan, err := s.Plan(ctx, run.Name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return plan, err
		}
	}
	return nil, fmt.Errorf("no run of %s has left a plan, which tells the prefixes and the recipe: name --source and --destination, and variants in --input", s.Name)
}
