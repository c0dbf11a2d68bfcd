// Command mapfleet runs one job over every object of a bucket, or every line of a file. Today it runs
// the deployed state machine and functions on this machine (mapfleet local); the rest is the stack's.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"mapfleet/scripts/mapfleet/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
