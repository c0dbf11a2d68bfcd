// Package cli is the mapfleet command: its subcommands and flags, what it prints, and its exit status.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// The exit statuses of the command.
const (
	ExitSucceeded = 0 // the run SUCCEEDED
	ExitFailed    = 1 // the run ended otherwise, or could not be carried out
	ExitUsage     = 2 // the command line, or the run input in it, is wrong: nothing was started
	ExitLeft      = 3 // a watch was ended, and the run goes on
)

// usageError is a mistake of the caller's.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// errRunFailed is returned when a run did not succeed and everything has been said of it.
var errRunFailed = errors.New("the run did not succeed")

// Run carries out one command line and returns the exit status. Results go to stdout, progress and
// errors to stderr.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return ExitSucceeded
	case errors.Is(err, errRunFailed):
		return ExitFailed
	case errors.Is(err, errLeft):
		return ExitLeft
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "mapfleet: %v\n", err)
		return ExitUsage
	default:
		fmt.Fprintf(stderr, "mapfleet: %v\n", err)
		return ExitFailed
	}
}

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:     "mapfleet",
		Version: version(debug.ReadBuildInfo()),
		Short:   "Run one job over every object of an S3 bucket, or every line of a file",
		Long: `mapfleet runs one job over every object of an S3 bucket, or every line of a file, with a
fleet of Lambdas under a Step Functions Distributed Map. Its jobs are to resize images, and to check
URLs.

"mapfleet local" runs the very state machine and functions that the stack deploys on this
machine, over ordinary folders: no AWS account, no Docker. "mapfleet start", watch, stop, list, report
and retry work with a deployed stack, or with "mapfleet serve" (--endpoint-url).`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(flagFault)
	root.AddCommand(newLocal(stdout, stderr), newRetry(stdout, stderr))
	root.AddCommand(newStart(stdout, stderr), newWatch(stdout, stderr), newStop(stdout, stderr), newList(stdout, stderr), newReport(stdout, stderr))
	root.AddCommand(newServe(stdout, stderr), newAudit(stdout, stderr), newEstimate(stdout, stderr))
	return root
}

// noCommand refuses a word that names no subcommand, and tells those that exist.
func noCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	c.SuggestionsMinimumDistance = 2
	message := fmt.Sprintf("%s has no command %q", c.CommandPath(), args[0])
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		message += fmt.Sprintf("; did you mean %q?", near[0])
	}
	return usagef("%s\nRun '%s -h' for the commands.", message, c.CommandPath())
}
