package cli

import (
	"context"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mapfleet/scripts/mapfleet/stack"
)

// remote holds the flags that say which deployed mapfleet is meant, and how to speak of it.
type remote struct {
	address        stack.Address
	json           bool
	opens          bool // the report in the browser
	stdout, stderr io.Writer
}

// remoteFlags are those of an address.
var remoteFlags = []string{"job", "stack", "region", "profile", "endpoint-url", "state-machine", "work-bucket"}

func (r *remote) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&r.address.Job, "job", "", "`JOB`, "+stack.Resize+" (default) or "+stack.Checks)
	flags.StringVar(&r.address.Stack, "stack", "", "`NAME` of the CloudFormation stack (default "+stack.DefaultStack+")")
	flags.StringVar(&r.address.Region, "region", "", "`REGION` of the stack (default that of the AWS configuration)")
	flags.StringVar(&r.address.Profile, "profile", "", "`NAME` of the profile with the credentials")
	flags.StringVar(&r.address.Endpoint, "endpoint-url", "", "`URL` of \"mapfleet serve\", or of another server, instead of AWS")
	flags.StringVar(&r.address.StateMachine, "state-machine", "", "`ARN` of the state machine, instead of --stack")
	flags.StringVar(&r.address.WorkBucket, "work-bucket", "", "`BUCKET` with the reports, instead of the stack's")
}

// completeFlags lets a shell offer the values of the flags, and not the files that happen to lie around.
func (r *remote) completeFlags(c *cobra.Command) {
	for _, name := range remoteFlags {
		values := cobra.CompletionFunc(cobra.NoFileCompletions)
		if name == "job" {
			values = cobra.FixedCompletions([]string{stack.Resize, stack.Checks}, cobra.ShellCompDirectiveNoFileComp)
		}
		_ = c.RegisterFlagCompletionFunc(name, values)
	}
}

// given says whether one of the flags is.
func (r *remote) given() bool { return r.address != stack.Address{} }

// open finds the stack that the flags name.
func (r *remote) open(ctx context.Context) (*stack.Stack, error) {
	a := r.address
	if a.Endpoint != "" {
		if u, err := url.Parse(a.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, usagef("--endpoint-url: given %q, allowed a URL such as http://127.0.0.1:8080", a.Endpoint)
		}
	}
	if a.StateMachine != "" && !strings.Contains(a.StateMachine, ":stateMachine:") {
		return nil, usagef("--state-machine: given %q, allowed an ARN such as arn:aws:states:REGION:ACCOUNT:stateMachine:NAME", a.StateMachine)
	}
	switch {
	case a.Job != "" && a.Job != stack.Resize && a.Job != stack.Checks:
		return nil, usagef("--job: given %q, allowed %s or %s", a.Job, stack.Resize, stack.Checks)
	case a.Job != "" && a.StateMachine != "" && !strings.HasSuffix(a.StateMachine, "-"+a.Job):
		return nil, usagef("--job %s: %s is none of that job by its name", a.Job, a.StateMachine)
	}
	s, err := stack.Open(ctx, a)
	return s, asUsage(err)
}

// asUsage makes a mistake of the caller's of a name that nothing has.
func asUsage(err error) error {
	_, noRun := errors.AsType[stack.NoRun](err)
	_, noStack := errors.AsType[stack.NoStack](err)
	if noRun || noStack {
		return usageError{err}
	}
	return err
}

// find opens the stack and looks for a run in it.
func (r *remote) find(ctx context.Context, name string) (*stack.Stack, stack.Run, error) {
	s, err := r.open(ctx)
	if err != nil {
		return nil, stack.Run{}, err
	}
	run, err := s.Find(ctx, name)
	return s, run, asUsage(err)
}

// command is another command over the same stack, as a shell takes it.
func (r *remote) command(words ...string) string {
	a := r.address
	for i, value := range []string{a.Job, a.Stack, a.Region, a.Profile, a.Endpoint, a.StateMachine, a.WorkBucket} {
		if value != "" {
			words = append(words, "--"+remoteFlags[i], shellQuote(value))
		}
	}
	return "mapfleet " + strings.Join(words, " ")
}

// oneRun takes the arguments of a command over a run; without one it is the last.
func oneRun(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usagef("%s takes one run, but got %q too\nRun '%s -h' for the flags.", c.CommandPath(), args[1], c.CommandPath())
	}
	return nil
}

func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, but got %q\nRun '%s -h' for the flags.", c.CommandPath(), args[0], c.CommandPath())
	}
	return nil
}

func runOrLast(args []string) string { return slices.Concat(args, []string{stack.Last})[0] }
