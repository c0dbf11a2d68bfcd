package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/scripts/mapfleet/estimate"
)

func newEstimate(stdout, stderr io.Writer) *cobra.Command {
	c := &cobra.Command{
		Use:   "estimate",
		Short: "Work out time and cost on AWS before anything runs",
		Long: `Work out time and cost on AWS before anything runs, by a simulation of the fleet. Nothing is
started, and AWS is asked for nothing but the listing or the list that a flag names. What cannot be
known here is assumed, and said; no figure has been compared with a bill.`,
		Args: noCommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newEstimateResize(stdout, stderr), newEstimateTasks(stdout), newEstimateChecks(stdout))
	return c
}

// accountFlags are those of the account that a fleet runs in.
type accountFlags struct {
	concurrency int
	json        bool
}

func (f *accountFlags) add(c *cobra.Command) {
	c.Flags().IntVar(&f.concurrency, "account-concurrency", 1000, "the account's quota of concurrent Lambda executions; a new account's may be 10")
	c.Flags().BoolVar(&f.json, "json", false, "print one JSON object instead of text")
}

func (f *accountFlags) limits() (estimate.Limits, error) {
	l := estimate.AWS()
	if f.concurrency < 1 || f.concurrency > 1_000_000 {
		return l, usagef("--account-concurrency: given %d, allowed 1 to 1000000", f.concurrency)
	}
	l.AccountConcurrency = f.concurrency
	return l, nil
}

func roundTime(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%.1f days", d.Hours()/24)
	}
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

func secondsOf(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
