package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"mapfleet/functions/cost"
	"mapfleet/functions/job"
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

func newEstimateTasks(stdout io.Writer) *cobra.Command {
	var account accountFlags
	t := estimate.Tasks{}
	c := &cobra.Command{
		Use:   "tasks --count N",
		Short: "Compare four ways to run many short tasks",
		Long: `Compare four ways to run many short tasks of one Lambda: one invoker in sequence (17.5 a second,
as published), invokers of invokers, an inline Map (40 at a time) and a Distributed Map, whose
workers do the tasks of their batch side by side.`,
		Example: `  mapfleet estimate tasks --count 10000 --duration 500ms`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			l, err := account.limits()
			if err != nil {
				return err
			}
			ways, err := estimate.Ways(t, l, cost.USEast1())
			if err != nil {
				return usageError{err}
			}
			if account.json {
				return json.NewEncoder(stdout).Encode(ways)
			}
			return writeWays(stdout, t, ways)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&t.Count, "count", 10_000, "tasks")
	flags.DurationVar(&t.Duration, "duration", 500*time.Millisecond, "`time` of one task")
	flags.IntVar(&t.Memory, "memory", 256, "`MB` of the function")
	flags.IntVar(&t.BatchSize, "batch-size", 100, "tasks that a worker of the Distributed Map does side by side")
	account.add(c)
	return c
}

func writeWays(w io.Writer, t estimate.Tasks, ways []estimate.Way) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s tasks of %v, %d MB (%s)\n", count(t.Count), t.Duration, t.Memory, cost.USEast1().Of)
	fmt.Fprintf(out, "  %-26s %10s %10s %12s\n", "", "time", "at a time", "USD")
	for _, way := range ways {
		fmt.Fprintf(out, "  %-26s %10s %10s %12.4f   %s\n", way.Name, roundTime(way.Time), count(way.Peak), way.USD, way.Note)
	}
	return out.Flush()
}

func newEstimateChecks(stdout io.Writer) *cobra.Command {
	var account accountFlags
	k := estimate.Checks{}
	c := &cobra.Command{
		Use:     "checks --count N --every DURATION",
		Short:   "Work out what a month of HTTP checks costs",
		Example: `  mapfleet estimate checks --count 10000 --every 1m`,
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			lines, usd, err := k.Month(cost.USEast1())
			if err != nil {
				return usageError{err}
			}
			if account.json {
				return json.NewEncoder(stdout).Encode(struct {
					Lines  []job.CostLine `json:"lines"`
					USD    float64        `json:"usd"`
					Prices string         `json:"prices"`
				}{lines, usd, cost.USEast1().Of})
			}
			out := bufio.NewWriter(stdout)
			fmt.Fprintf(out, "%s checks every %v, %v on average and %v at worst, in batches of %d: a month of 730 hours\n",
				count(k.Count), k.Every, k.Mean, k.Worst, k.BatchSize)
			writeLines(out, lines)
			fmt.Fprintf(out, "  %-33s %48s\n", "together ("+cost.USEast1().Of+")", fmt.Sprintf("$%.2f", usd))
			if k.Count == 10_000 && k.Every == time.Minute {
				fmt.Fprintf(out, "  published for 10,000 a minute with a Lambda for each, started by invokers of invokers: about $%d\n", estimate.PublishedFanOut)
			}
			fmt.Fprintln(out, "  left out: logs, traces, alerts, data that leaves the Region, free tiers, discounts")
			return out.Flush()
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.IntVar(&k.Count, "count", 10_000, "checks a run")
	flags.DurationVar(&k.Every, "every", time.Minute, "`time` from one run to the next")
	flags.DurationVar(&k.Mean, "mean", 500*time.Millisecond, "average `time` of a check")
	flags.DurationVar(&k.Worst, "worst", 1800*time.Millisecond, "`time` of the slowest check in a batch, as which a batch counts")
	flags.IntVar(&k.BatchSize, "batch-size", 500, "checks of one worker, side by side")
	flags.IntVar(&k.Memory, "memory", 512, "`MB` of a worker")
	flags.BoolVar(&account.json, "json", false, "print one JSON object instead of text")
	return c
}

func writeLines(out io.Writer, lines []job.CostLine) {
	for _, line := range lines {
		fmt.Fprintf(out, "  %-33s %20s x $%-12s = $%s\n", line.What, amount(line.Quantity)+" "+short(line.Unit), amount(line.Price), fmt.Sprintf("%.2f", line.USD))
	}
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
