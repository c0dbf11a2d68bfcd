// Command deploylocal deploys the stack to moto, a program that plays AWS on this machine, deploys a change
// of it, and takes it down: what the CDK command line and CloudFormation make of the stack is tried without
// an account. moto does not run what it is given, and takes no notice of policies.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "deploylocal:", err)
		stop()
		os.Exit(1)
	}
}

// everything is on, so that all kinds of resources are tried. The stack has the name that is looked for
// below, whatever mapfleet.json says.
var everything = []string{
	"stackName=mapfleet", `tags={"team":"photos"}`, "uploads=true", "schedule=rate(1 day)", "notificationEmail=team@example.com", "removalPolicy=destroy",
	"checks=true", "checksFile=checks/sites.csv",
}

const howToGet = `there is no moto_server; it comes with Python: pip install 'moto[server]'`

func run(ctx context.Context, out io.Writer) (err error) {
	program, err := exec.LookPath("moto_server")
	if err != nil {
		return errors.New(howToGet)
	}
	directory, err := os.MkdirTemp("", "deploylocal")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	m, err := start(ctx, program, filepath.Join(directory, "moto.log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.stop()) }()

	c := cdk{directory: directory, moto: m, out: out}
	if err := c.run(ctx, "bootstrap", "aws://"+account+"/"+region); err != nil {
		return err
	}
	for _, memory := range []float64{1769, 2048} {
		fmt.Fprintf(out, "deploylocal: deploy with memory %v\n", memory)
		if err := c.deploy(ctx, append(everything, fmt.Sprintf("memory=%v", memory))); err != nil {
			return err
		}
		if err := m.expectMemory(ctx, "mapfleet-resize", memory); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, "deploylocal: destroy")
	if err := c.run(ctx, "destroy", "--app", c.assembly(), "--force"); err != nil {
		return err
	}
	if err := m.expectGone(ctx, "mapfleet-resize"); err != nil {
		return err
	}
	fmt.Fprintln(out, "deploylocal: deployed, changed and destroyed")
	return nil
}

// cdk is the CDK command line, with moto in place of AWS.
type cdk struct {
	directory string
	moto      *moto
	out       io.Writer
}

func (c cdk) assembly() string { return filepath.Join(c.directory, "cdk.out") }

// deploy synthesises the stack with a context, and deploys it.
func (c cdk) deploy(ctx context.Context, context []string) error {
	arguments := []string{"synth", "--quiet", "--output", c.assembly()}
	for _, each := range context {
		arguments = append(arguments, "-c", each)
	}
	if err := c.run(ctx, arguments...); err != nil {
		return err
	}
	if err := adapt(c.assembly()); err != nil {
		return err
	}
	return c.run(ctx, "deploy", "--app", c.assembly(), "--method=direct", "--require-approval", "never")
}

func (c cdk) run(ctx context.Context, arguments ...string) error {
	command := exec.CommandContext(ctx, "npx", append([]string{"--yes", pinned}, arguments...)...)
	command.Stdout, command.Stderr = c.out, c.out
	command.Env = append(environment(os.Environ()), c.moto.environment()...)
	if err := command.Run(); err != nil {
		return fmt.Errorf("cdk %s: %w", strings.Join(arguments, " "), err)
	}
	return nil
}

// pinned is the command line of the Makefile and of package.json.
const pinned = "aws-cdk@2.1148.1"

// environment leaves out what names an account: nothing here may reach a real one.
func environment(all []string) []string {
	var kept []string
	for _, each := range all {
		if !strings.HasPrefix(each, "AWS_") && !strings.HasPrefix(each, "CDK_") {
			kept = append(kept, each)
		}
	}
	return kept
}
