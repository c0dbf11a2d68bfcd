package cli

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/engine"
	"mapfleet/scripts/mapfleet/stack"
)

// What a shell waits for after Tab.
const (
	completionTime = 3 * time.Second
	completedRuns  = 30
)

// completeRuns offers the names of the runs that started last. Where they cannot be had, none are offered.
func (r *remote) completeRuns(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return r.complete(c, args, "")
}

// completeRunning offers the runs that can be stopped.
func (r *remote) completeRunning(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	return r.complete(c, args, stack.Running)
}

func (r *remote) complete(c *cobra.Command, args []string, status string) ([]string, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if len(args) > 0 {
		return nil, directive
	}
	ctx, cancel := context.WithTimeout(c.Context(), completionTime)
	defer cancel()
	s, err := r.open(ctx)
	if err != nil {
		return nil, directive
	}
	runs, err := s.Runs(ctx, status, completedRuns)
	if err != nil {
		return nil, directive
	}
	names := []string{stack.Last + "\tthe one that started last"}
	for _, run := range runs {
		names = append(names, run.Name+"\t"+run.Status+" "+run.Started.Local().Format(time.DateTime))
	}
	return names, directive
}

// completeRuns offers runs of a deployed mapfleet, or those of the folders that are named.
func (r *retryCommand) completeRuns(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if r.folders.in == "" && r.folders.out == "" && r.folders.state == "" {
		return r.remote.completeRuns(c, args, word)
	}
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	state := r.folders.state
	if state == "" {
		state = filepath.Join(r.folders.out, ".mapfleet")
	}
	all, err := engine.Executions(state).All()
	if err != nil || len(args) > 0 {
		return nil, directive
	}
	names := []string{stack.Last + "\tthe one that started last"}
	for _, x := range slices.Backward(all[max(0, len(all)-completedRuns):]) {
		names = append(names, x.Name+"\t"+x.Status+" "+x.Start.Local().Format(time.DateTime))
	}
	return names, directive
}
