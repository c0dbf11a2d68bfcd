// Command mapfleet runs one job over every object of a bucket, or every line of a file: the deployed state
// machines on AWS, or the same machines and functions on this one. mapfleet -h lists what it does.
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
