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
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does for those who close their terminal
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(cli.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
